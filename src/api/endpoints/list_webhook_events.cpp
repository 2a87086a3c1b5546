#include "api/endpoints.h"
#include "api/endpoints/list_parameters.h"
#include "api/endpoints/webhook_shapes.h"
#include "api/webhook_surroundings.h"
#include "webhooks/event_types.h"

namespace credvault::api {
namespace {

struct EventTypeShape {
    std::optional<std::string> type, description, scope;
    std::optional<Raw<AnyObject>> schema, example;

    static constexpr std::string_view schema_name = "WebhookEventType";
    static Fields fields() {
        using S = EventTypeShape;
        return {body(&S::type, "type", {.description = "Its name.", .example = "document.created"}),
                body(&S::description, "description",
                     {.description = "What has happened.", .example = "A record was inserted."}),
                body(&S::scope, "scope",
                     {.description = "What a credential needs to ask for it.", .example = "database:read"}),
                body(&S::schema, "schema", {.description = "The JSON Schema of `data`."}),
                body(&S::example, "example", {.description = "An example of `data`."})};
    }
};

struct ListWebhookEvents {
    ListParameters list;
    OtherParameters filters;

    static Fields fields() {
        return {include(&ListWebhookEvents::list),
                other_query_on<EventTypeShape>(&ListWebhookEvents::filters,
                                               {.description = "Filters by field."})};
    }
};

std::vector<std::string> rows() {
    std::vector<std::string> rows;
    for (const webhooks::EventType& type : webhooks::event_types()) {
        std::string text;
        json::Writer out(text);
        out.begin_object().key("type").string(type.name).key("description").string(type.description);
        out.key("scope").string(type.scope).key("schema").raw(webhooks::event_schema(type));
        out.key("example").raw(type.example).end_object();
        rows.push_back(std::move(text));
    }
    return rows;
}

Reply<RawList<EventTypeShape>> run(Context&, const ListWebhookEvents& request) {
    TRY(storage::ListQuery query, request.list.query(request.filters));
    TRY(storage::Listing page, documents::list_rows(rows(), std::move(query), "type"));
    return RawList<EventTypeShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint list_webhook_events = Operation<ListWebhookEvents, RawList<EventTypeShape>>{
    .id = "listWebhookEvents",
    .method = http::Method::Get,
    .path = "/v1/webhooks/events",
    .tag = "Webhooks",
    .summary = "List the types of events",
    .description =
        "What webhooks can ask for, with schemas and examples. They stand in this document under `webhooks`, "
        "too.",
    .scope = Scope::WebhookRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT,
               ErrorCode::INVALID_CURSOR, ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR},
    .run = run};

}  // namespace credvault::api
