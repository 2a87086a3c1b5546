#include "api/endpoints.h"
#include "api/endpoints/webhook_shapes.h"
#include "api/webhook_surroundings.h"

namespace credvault::api {
namespace {

struct DeleteWebhook {
    WebhookPath at;
    static Fields fields() { return {include(&DeleteWebhook::at)}; }
};

Reply<NoContent> run(Context& context, const DeleteWebhook& request) {
    const webhooks::Maker maker = maker_of(context);
    CO_TRY_VOID(co_await context.services.webhooks.remove(maker, std::string(request.at.webhook)));
    co_return NoContent();
}

}  // namespace

const Endpoint delete_webhook = Operation<DeleteWebhook, NoContent>{
    .id = "deleteWebhook",
    .method = http::Method::Delete,
    .path = "/v1/webhooks/{webhook}",
    .tag = "Webhooks",
    .summary = "Delete a webhook",
    .description = "With its deliveries; what is under way may still arrive.",
    .scope = Scope::WebhookManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::WEBHOOK_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
