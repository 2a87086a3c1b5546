#include "api/endpoints.h"
#include "api/endpoints/list_parameters.h"
#include "api/endpoints/webhook_shapes.h"
#include "api/webhook_surroundings.h"
#include "webhooks/deliveries.h"

namespace credvault::api {
namespace {

struct ListDeliveries {
    WebhookPath at;
    ListParameters list;
    OtherParameters filters;

    static Fields fields() {
        return {
            include(&ListDeliveries::at), include(&ListDeliveries::list),
            other_query_on<DeliveryShape>(&ListDeliveries::filters, {.description = "Filters by field."})};
    }
};

Reply<RawList<DeliveryShape>> run(Context& context, const ListDeliveries& request) {
    CO_TRY(storage::ListQuery query, request.list.query(request.filters));
    const webhooks::Maker maker = maker_of(context);
    CO_TRY(storage::Listing page, co_await context.services.deliveries.list(
                                      maker, std::string(request.at.webhook), std::move(query)));
    co_return RawList<DeliveryShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint list_deliveries = Operation<ListDeliveries, RawList<DeliveryShape>>{
    .id = "listDeliveries",
    .method = http::Method::Get,
    .path = "/v1/webhooks/{webhook}/deliveries",
    .tag = "Webhooks",
    .summary = "List a webhook's deliveries",
    .description =
        "What was sent or tried, in the order of the events unless a sort says otherwise (`sort=-id`), "
        "without the payloads. They appear within a second of the attempt.",
    .scope = Scope::WebhookRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT,
               ErrorCode::INVALID_CURSOR, ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR,
               ErrorCode::WEBHOOK_NOT_FOUND, ErrorCode::QUERY_TIMEOUT, ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
