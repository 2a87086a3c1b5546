#include "api/endpoints.h"
#include "api/endpoints/webhook_shapes.h"
#include "api/webhook_surroundings.h"

namespace credvault::api {
namespace {

struct ResumeWebhook {
    WebhookPath at;
    static Fields fields() { return {include(&ResumeWebhook::at)}; }
};

Reply<Resource<Raw<WebhookShape>>> run(Context& context, const ResumeWebhook& request) {
    const webhooks::Maker maker = maker_of(context);
    CO_TRY(std::string text,
           co_await context.services.webhooks.resume(maker, std::string(request.at.webhook)));
    co_return Resource<Raw<WebhookShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint resume_webhook = Operation<ResumeWebhook, Resource<Raw<WebhookShape>>>{
    .id = "resumeWebhook",
    .method = http::Method::Post,
    .path = "/v1/webhooks/{webhook}/resume",
    .tag = "Webhooks",
    .summary = "Resume a webhook",
    .description =
        "It goes on where it was. One that is not paused is answered as it is. One that was paused since "
        "its maker is gone becomes that of who resumes it, and tells what he may read.",
    .scope = Scope::WebhookManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::WEBHOOK_NOT_FOUND, ErrorCode::WRITE_CONFLICT},
    .run = run};

}  // namespace credvault::api
