#include "api/endpoints.h"
#include "api/endpoints/webhook_shapes.h"
#include "api/endpoints/written.h"
#include "api/webhook_surroundings.h"
#include "base/clock.h"

namespace credvault::api {
namespace {

struct CreateWebhook {
    std::string_view url;
    std::vector<std::string> events;
    WebhookMembers members;
    webhooks::SignatureKind signature = webhooks::SignatureKind::V1;
    std::optional<IdempotencyKey> idempotency;

    static Fields fields() {
        Rules url = webhook_url_rules(), events = webhook_events_rules();
        url.required = events.required = true;
        return {body(&CreateWebhook::url, "url", url), body(&CreateWebhook::events, "events", events),
                include(&CreateWebhook::members),
                body(&CreateWebhook::signature, "signature",
                     {.description =
                          "`v1`: HMAC-SHA256 with a secret; `v1a`: Ed25519, verified with a public key.",
                      .example = "v1",
                      .default_value = "v1"}),
                idempotency_key(&CreateWebhook::idempotency)};
    }
};

Reply<Created<Raw<NewWebhookShape>>> run(Context& context, const CreateWebhook& request) {
    CO_TRY(webhooks::WebhookWish wish, request.members.wish());
    wish.url = std::string(request.url);
    wish.events = request.events;
    wish.signature = request.signature;
    // What a repeated call is told: all but the secret, which is not shown again.
    const webhooks::Vault& vault = context.services.webhooks.vault();
    const auto first_answer = [&vault](const storage::WriteOutcome& outcome) {
        const auto made = webhooks::Webhook::parse(json::View(outcome.operations.front().record), vault);
        StoredAnswer answer;
        answer.created = true;
        answer.data = made ? made->public_text(outcome.time_ms) : "{}";
        answer.location = webhook_url(outcome.operations.front().id);
        return answer.text();
    };
    CO_TRY(KeyedWrite keyed, begin_keyed_write(context, request.idempotency, first_answer));
    const webhooks::Maker maker = maker_of(context);
    CO_TRY(webhooks::WebhookWithSecret made,
           co_await context.services.webhooks.create(maker, std::move(wish), std::move(keyed.write)));
    if (made.replayed) co_return created_from<NewWebhookShape>(made.answer);
    co_return Created<Raw<NewWebhookShape>>{{std::move(made.text)}, webhook_url(made.id), {}};
}

}  // namespace

const Endpoint create_webhook = Operation<CreateWebhook, Created<Raw<NewWebhookShape>>>{
    .id = "createWebhook",
    .method = http::Method::Post,
    .path = "/v1/webhooks",
    .tag = "Webhooks",
    .summary = "Create a webhook",
    .description =
        "Events of writes that begin after the answer are sent to the address, at least once, signed as "
        "Standard "
        "Webhooks 1.0 says. It tells nothing that your credential may not read. The secret is shown this "
        "once.",
    .scope = Scope::WebhookManage,
    .rate = RateClass::Standard,
    .idempotency = Idempotency::Keyed,
    .errors = {ErrorCode::ADDRESS_NOT_ALLOWED, ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION,
               ErrorCode::UNSUPPORTED_OPERATOR, ErrorCode::QUOTA_EXCEEDED},
    .run = run};

}  // namespace credvault::api
