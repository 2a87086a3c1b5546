#include "api/endpoints.h"
#include "api/endpoints/webhook_shapes.h"
#include "api/webhook_surroundings.h"

namespace credvault::api {
namespace {

struct PauseWebhook {
    WebhookPath at;
    static Fields fields() { return {include(&PauseWebhook::at)}; }
};

Reply<Resource<Raw<WebhookShape>>> run(Context& context, const PauseWebhook& request) {
    const webhooks::Maker maker = maker_of(context);
    CO_TRY(std::string text,
           co_await context.services.webhooks.pause(maker, std::string(request.at.webhook)));
    co_return Resource<Raw<WebhookShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint pause_webhook = Operation<PauseWebhook, Resource<Raw<WebhookShape>>>{
    .id = "pauseWebhook",
    .method = http::Method::Post,
    .path = "/v1/webhooks/{webhook}/pause",
    .tag = "Webhooks",
    .summary = "Pause a webhook",
    .description =
        "Nothing is sent; events wait as long as the change log holds them (`changes.held_rows`, "
        "`changes.held_bytes`).",
    .scope = Scope::WebhookManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::WEBHOOK_NOT_FOUND, ErrorCode::WRITE_CONFLICT},
    .run = run};

}  // namespace credvault::api
