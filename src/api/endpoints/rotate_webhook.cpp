#include "api/endpoints.h"
#include "api/endpoints/webhook_shapes.h"
#include "api/endpoints/written.h"
#include "api/webhook_surroundings.h"
#include "base/clock.h"

namespace credvault::api {
namespace {

struct RotateWebhook {
    WebhookPath at;
    std::int64_t overlap = 86'400;
    std::optional<IdempotencyKey> idempotency;

    static Fields fields() {
        return {include(&RotateWebhook::at),
                body(&RotateWebhook::overlap, "overlap_seconds",
                     {.description =
                          "How long the present secret signs beside the new one, up to 30 days. 0 ends it, "
                          "and those before it, at once.",
                      .example = "3600",
                      .min = 0,
                      .max = webhooks::max_overlap_seconds,
                      .default_value = "86400"}),
                idempotency_key(&RotateWebhook::idempotency)};
    }
};

Reply<Resource<Raw<NewWebhookShape>>> run(Context& context, const RotateWebhook& request) {
    // What a repeated call is told: all but the secret, which is not shown again.
    const webhooks::Vault& vault = context.services.webhooks.vault();
    const auto first_answer = [&vault](const storage::WriteOutcome& outcome) {
        const auto webhook = webhooks::Webhook::parse(json::View(outcome.operations.front().record), vault);
        StoredAnswer answer;
        answer.data = webhook ? webhook->public_text(outcome.time_ms) : "{}";
        return answer.text();
    };
    CO_TRY(KeyedWrite keyed, begin_keyed_write(context, request.idempotency, first_answer));
    const webhooks::Maker maker = maker_of(context);
    CO_TRY(webhooks::WebhookWithSecret made,
           co_await context.services.webhooks.rotate(maker, std::string(request.at.webhook), request.overlap,
                                                     std::move(keyed.write)));
    if (made.replayed) {
        CO_TRY(StoredAnswer answer, StoredAnswer::parse(made.answer));
        made.text = std::move(answer.data);
    }
    co_return Resource<Raw<NewWebhookShape>>{{std::move(made.text)}};
}

}  // namespace

const Endpoint rotate_webhook = Operation<RotateWebhook, Resource<Raw<NewWebhookShape>>>{
    .id = "rotateWebhook",
    .method = http::Method::Post,
    .path = "/v1/webhooks/{webhook}/rotate",
    .tag = "Webhooks",
    .summary = "Give a webhook a new secret",
    .description =
        "The new secret is shown this once. Until the overlap ends every delivery is signed with both, so "
        "that the "
        "receiver can change over in the meantime.",
    .scope = Scope::WebhookManage,
    .rate = RateClass::Standard,
    .idempotency = Idempotency::Keyed,
    .errors = {ErrorCode::WEBHOOK_NOT_FOUND, ErrorCode::LIMIT_EXCEEDED, ErrorCode::WRITE_CONFLICT},
    .run = run};

}  // namespace credvault::api
