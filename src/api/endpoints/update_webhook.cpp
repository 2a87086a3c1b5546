#include "api/endpoints.h"
#include "api/endpoints/webhook_shapes.h"
#include "api/webhook_surroundings.h"

namespace credvault::api {
namespace {

struct UpdateWebhook {
    WebhookPath at;
    std::optional<std::string_view> url;
    std::optional<std::vector<std::string>> events;
    WebhookMembers members;

    static Fields fields() {
        return {include(&UpdateWebhook::at), body(&UpdateWebhook::url, "url", webhook_url_rules()),
                body(&UpdateWebhook::events, "events", webhook_events_rules()),
                include(&UpdateWebhook::members)};
    }
};

Reply<Resource<Raw<WebhookShape>>> run(Context& context, const UpdateWebhook& request) {
    CO_TRY(webhooks::WebhookWish wish, request.members.wish());
    if (request.url) wish.url = std::string(*request.url);
    wish.events = request.events;
    const webhooks::Maker maker = maker_of(context);
    CO_TRY(std::string text, co_await context.services.webhooks.change(maker, std::string(request.at.webhook),
                                                                       std::move(wish)));
    co_return Resource<Raw<WebhookShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint update_webhook = Operation<UpdateWebhook, Resource<Raw<WebhookShape>>>{
    .id = "updateWebhook",
    .method = http::Method::Patch,
    .path = "/v1/webhooks/{webhook}",
    .tag = "Webhooks",
    .summary = "Change a webhook",
    .description =
        "Sets what is given and leaves the rest; an empty `database` or `collection` stands for all, `{}` "
        "lifts the "
        "filter. From then on it tells nothing that your credential may not read.",
    .scope = Scope::WebhookManage,
    .rate = RateClass::Standard,
    .consumes = {"application/json", "application/merge-patch+json"},
    .errors = {ErrorCode::WEBHOOK_NOT_FOUND, ErrorCode::ADDRESS_NOT_ALLOWED, ErrorCode::INVALID_FILTER,
               ErrorCode::INVALID_EXPRESSION, ErrorCode::UNSUPPORTED_OPERATOR, ErrorCode::WRITE_CONFLICT},
    .run = run};

}  // namespace credvault::api
