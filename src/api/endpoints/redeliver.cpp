#include "api/endpoints.h"
#include "api/endpoints/webhook_shapes.h"
#include "api/webhook_surroundings.h"
#include "webhooks/deliveries.h"

namespace credvault::api {
namespace {

struct Redeliver {
    DeliveryPath at;
    static Fields fields() { return {include(&Redeliver::at)}; }
};

Reply<Resource<Raw<DeliveryShape>>> run(Context& context, const Redeliver& request) {
    const webhooks::Maker maker = maker_of(context);
    CO_TRY(std::string text,
           co_await context.services.deliveries.redeliver(maker, std::string(request.at.of.webhook),
                                                          std::string(request.at.delivery)));
    co_return Resource<Raw<DeliveryShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint redeliver = Operation<Redeliver, Resource<Raw<DeliveryShape>>>{
    .id = "redeliver",
    .method = http::Method::Post,
    .path = "/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver",
    .tag = "Webhooks",
    .summary = "Send a delivery again",
    .description =
        "At once, with the same `webhook-id`, whatever became of it; where that fails, by the schedule from "
        "its "
        "beginning. One that waits behind an earlier event keeps its place.",
    .scope = Scope::WebhookManage,
    .rate = RateClass::Standard,
    .idempotency = Idempotency::None,
    .errors = {ErrorCode::WEBHOOK_NOT_FOUND, ErrorCode::DELIVERY_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
