#include "access/key_record.h"
#include "api/endpoints.h"
#include "api/endpoints/api_key_shapes.h"
#include "api/endpoints/written.h"

namespace credvault::api {
namespace {

struct RotateApiKey {
    ApiKeyPath at;
    std::int64_t overlap = 0;
    std::optional<IdempotencyKey> idempotency;

    static Fields fields() {
        return {
            include(&RotateApiKey::at),
            body(&RotateApiKey::overlap, "overlap_seconds",
                 {.description = "How long the present secret stays valid beside the new one, up to 30 days. "
                                 "0 ends it, and those before it, at once.",
                  .example = "3600",
                  .min = 0,
                  .max = access::max_overlap_seconds,
                  .default_value = "0"}),
            idempotency_key(&RotateApiKey::idempotency)};
    }
};

/// What a repeated call is told: all but the secret, which is kept nowhere.
std::string first_answer(const storage::WriteOutcome& outcome) {
    const auto key = access::KeyRecord::parse(json::View(outcome.operations.front().record));
    StoredAnswer answer;
    answer.data = key ? key->public_text(outcome.time_ms) : "{}";
    return answer.text();
}

Reply<Resource<Raw<NewApiKeyShape>>> run(Context& context, const RotateApiKey& request) {
    CO_TRY(KeyedWrite keyed, begin_keyed_write(context, request.idempotency, first_answer));
    CO_TRY(access::KeyWithSecret made,
           co_await context.services.keys.rotate(context.principal, std::string(request.at.key),
                                                 request.overlap, std::move(keyed.write)));
    if (made.replayed) {
        CO_TRY(StoredAnswer answer, StoredAnswer::parse(made.answer));
        made.text = std::move(answer.data);
    }
    co_return Resource<Raw<NewApiKeyShape>>{{std::move(made.text)}};
}

}  // namespace

const Endpoint rotate_api_key = Operation<RotateApiKey, Resource<Raw<NewApiKeyShape>>>{
    .id = "rotateApiKey",
    .method = http::Method::Post,
    .path = "/v1/api-keys/{key}/rotate",
    .tag = "API keys",
    .summary = "Give an API key a new secret",
    .description = "The new secret is shown this once; the one that it replaces ends when the overlap does.",
    .scope = Scope::KeyManage,
    .rate = RateClass::Standard,
    .idempotency = Idempotency::Keyed,
    .errors = {ErrorCode::API_KEY_NOT_FOUND, ErrorCode::API_KEY_REVOKED, ErrorCode::FORBIDDEN,
               ErrorCode::LIMIT_EXCEEDED, ErrorCode::WRITE_CONFLICT},
    .run = run};

}  // namespace credvault::api
