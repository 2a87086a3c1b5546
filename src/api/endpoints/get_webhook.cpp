#include "api/endpoints.h"
#include "api/endpoints/webhook_shapes.h"
#include "api/webhook_surroundings.h"
#include "base/clock.h"

namespace credvault::api {
namespace {

struct GetWebhook {
    WebhookPath at;
    static Fields fields() { return {include(&GetWebhook::at)}; }
};

Reply<Resource<Raw<WebhookShape>>> run(Context& context, const GetWebhook& request) {
    TRY(const webhooks::WebhookRef webhook,
        context.services.webhooks.find(maker_of(context), request.at.webhook));
    return Resource<Raw<WebhookShape>>{{webhook->public_text(now_ms())}};
}

}  // namespace

const Endpoint get_webhook =
    Operation<GetWebhook, Resource<Raw<WebhookShape>>>{.id = "getWebhook",
                                                       .method = http::Method::Get,
                                                       .path = "/v1/webhooks/{webhook}",
                                                       .tag = "Webhooks",
                                                       .summary = "Get a webhook",
                                                       .description = "All but its secret.",
                                                       .scope = Scope::WebhookRead,
                                                       .rate = RateClass::Standard,
                                                       .errors = {ErrorCode::WEBHOOK_NOT_FOUND},
                                                       .run = run};

}  // namespace credvault::api
