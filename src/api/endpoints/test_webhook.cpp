#include "api/endpoints.h"
#include "api/endpoints/webhook_shapes.h"
#include "api/webhook_surroundings.h"
#include "webhooks/deliveries.h"

namespace credvault::api {
namespace {

struct TestWebhook {
    WebhookPath at;
    std::string_view type = "webhook.test";

    static Fields fields() {
        return {include(&TestWebhook::at), body(&TestWebhook::type, "type",
                                                {.description = "The type whose example is sent.",
                                                 .example = "document.created",
                                                 .max_length = 64,
                                                 .default_value = "webhook.test"})};
    }
};

Reply<Resource<Raw<DeliveryShape>>> run(Context& context, const TestWebhook& request) {
    const webhooks::Maker maker = maker_of(context);
    CO_TRY(std::string text, co_await context.services.deliveries.test(maker, std::string(request.at.webhook),
                                                                       std::string(request.type)));
    co_return Resource<Raw<DeliveryShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint test_webhook = Operation<TestWebhook, Resource<Raw<DeliveryShape>>>{
    .id = "testWebhook",
    .method = http::Method::Post,
    .path = "/v1/webhooks/{webhook}/test",
    .tag = "Webhooks",
    .summary = "Send a test event",
    .description =
        "Sends an example event of any type, once, and answers when the receiver has, or 20 seconds "
        "later. Works while the webhook is paused, too.",
    .scope = Scope::WebhookManage,
    .rate = RateClass::Standard,
    .idempotency = Idempotency::None,
    .errors = {ErrorCode::WEBHOOK_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
