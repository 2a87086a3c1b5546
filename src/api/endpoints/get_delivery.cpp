#include "api/endpoints.h"
#include "api/endpoints/webhook_shapes.h"
#include "api/webhook_surroundings.h"
#include "webhooks/deliveries.h"

namespace credvault::api {
namespace {

struct GetDelivery {
    DeliveryPath at;
    static Fields fields() { return {include(&GetDelivery::at)}; }
};

Reply<Resource<Raw<DeliveryShape>>> run(Context& context, const GetDelivery& request) {
    const webhooks::Maker maker = maker_of(context);
    CO_TRY(std::string text,
           co_await context.services.deliveries.get(maker, std::string(request.at.of.webhook),
                                                    std::string(request.at.delivery)));
    co_return Resource<Raw<DeliveryShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint get_delivery = Operation<GetDelivery, Resource<Raw<DeliveryShape>>>{
    .id = "getDelivery",
    .method = http::Method::Get,
    .path = "/v1/webhooks/{webhook}/deliveries/{delivery}",
    .tag = "Webhooks",
    .summary = "Get a delivery",
    .description = "With what was sent, where your credential has the scope that reading it otherwise needs.",
    .scope = Scope::WebhookRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::WEBHOOK_NOT_FOUND, ErrorCode::DELIVERY_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
