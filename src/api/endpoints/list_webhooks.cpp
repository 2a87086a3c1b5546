#include "api/endpoints.h"
#include "api/endpoints/list_parameters.h"
#include "api/endpoints/webhook_shapes.h"
#include "api/webhook_surroundings.h"

namespace credvault::api {
namespace {

struct ListWebhooks {
    ListParameters list;
    OtherParameters filters;

    static Fields fields() {
        return {include(&ListWebhooks::list),
                other_query_on<WebhookShape>(&ListWebhooks::filters, {.description = "Filters by field."})};
    }
};

Reply<RawList<WebhookShape>> run(Context& context, const ListWebhooks& request) {
    TRY(storage::ListQuery query, request.list.query(request.filters));
    const std::vector<std::string> webhooks = context.services.webhooks.list(maker_of(context));
    TRY(storage::Listing page, documents::list_rows(webhooks, std::move(query), "id"));
    return RawList<WebhookShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint list_webhooks = Operation<ListWebhooks, RawList<WebhookShape>>{
    .id = "listWebhooks",
    .method = http::Method::Get,
    .path = "/v1/webhooks",
    .tag = "Webhooks",
    .summary = "List webhooks",
    .description =
        "Those of the workspace. A restricted credential sees those that tell nothing that it may not read.",
    .scope = Scope::WebhookRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT,
               ErrorCode::INVALID_CURSOR, ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR},
    .run = run};

}  // namespace credvault::api
