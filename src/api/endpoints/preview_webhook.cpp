#include "api/endpoints.h"
#include "api/endpoints/webhook_shapes.h"
#include "api/webhook_surroundings.h"
#include "webhooks/deliveries.h"

namespace credvault::api {
namespace {

struct PreviewWebhook {
    std::string_view url = "https://example.com/";
    std::optional<std::vector<std::string>> events;
    WebhookMembers members;
    webhooks::SignatureKind signature = webhooks::SignatureKind::V1;
    std::string_view type = "document.created";

    static Fields fields() {
        Rules url = webhook_url_rules();
        url.default_value = "https://example.com/";
        return {body(&PreviewWebhook::url, "url", url),
                body(&PreviewWebhook::events, "events", webhook_events_rules()),
                include(&PreviewWebhook::members),
                body(&PreviewWebhook::signature, "signature",
                     {.description = "As when it is made.", .example = "v1", .default_value = "v1"}),
                body(&PreviewWebhook::type, "type",
                     {.description = "The type whose example is shown.",
                      .example = "document.updated",
                      .max_length = 64,
                      .default_value = "document.created"})};
    }
};

struct PreviewShape {
    Raw<AnyObject> headers;
    Raw<AnyObject> payload;

    static constexpr std::string_view schema_name = "WebhookPreview";
    static Fields fields() {
        return {body(&PreviewShape::headers, "headers",
                     {.description = "The header fields, signed with a secret that nobody has."}),
                body(&PreviewShape::payload, "body", {.description = "The body."})};
    }
};

Reply<Resource<Raw<PreviewShape>>> run(Context& context, const PreviewWebhook& request) {
    TRY(webhooks::WebhookWish wish, request.members.wish());
    wish.url = std::string(request.url);
    wish.signature = request.signature;
    // Examples tell nothing, so that they may be seen without what events of the type would need.
    wish.events = request.events.value_or(std::vector<std::string>{"webhook.test"});
    TRY(std::string text, context.services.deliveries.preview(maker_of(context), wish, request.type));
    return Resource<Raw<PreviewShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint preview_webhook = Operation<PreviewWebhook, Resource<Raw<PreviewShape>>>{
    .id = "previewWebhook",
    .method = http::Method::Post,
    .path = "/v1/webhooks/preview",
    .tag = "Webhooks",
    .summary = "See what a webhook would send",
    .description =
        "Checks the settings and shows an example event in the form that they ask for. Nothing is kept or "
        "sent.",
    .scope = Scope::WebhookManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::ADDRESS_NOT_ALLOWED, ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION,
               ErrorCode::UNSUPPORTED_OPERATOR},
    .run = run};

}  // namespace credvault::api
