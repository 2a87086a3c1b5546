#include "access/key_record.h"
#include "api/endpoints.h"
#include "api/endpoints/api_key_shapes.h"
#include "api/endpoints/written.h"
#include "base/clock.h"

namespace credvault::api {
namespace {

struct CreateApiKey {
    std::string_view name;
    std::vector<std::string> scopes;
    ApiKeyLimits limits;
    KeyEnvironment environment = KeyEnvironment::Live;
    std::optional<IdempotencyKey> idempotency;

    static Fields fields() {
        Rules name = key_name_rules(), scopes = key_scopes_rules();
        name.required = scopes.required = true;
        return {
            body(&CreateApiKey::name, "name", name), body(&CreateApiKey::scopes, "scopes", scopes),
            include(&CreateApiKey::limits),
            body(&CreateApiKey::environment, "environment",
                 {.description = "What the secret begins with: `cv_live_` or `cv_test_`. It changes nothing "
                                 "else.",
                  .example = "live",
                  .default_value = "live"}),
            idempotency_key(&CreateApiKey::idempotency)};
    }
};

/// What a repeated call is told: all but the secret, which is kept nowhere.
std::string first_answer(const storage::WriteOutcome& outcome) {
    const auto key = access::KeyRecord::parse(json::View(outcome.operations.front().record));
    StoredAnswer answer;
    answer.created = true;
    answer.data = key ? key->public_text(outcome.time_ms) : "{}";
    answer.location = api_key_url(outcome.operations.front().id);
    return answer.text();
}

Reply<Created<Raw<NewApiKeyShape>>> run(Context& context, const CreateApiKey& request) {
    access::KeyWish wish = request.limits.wish();
    wish.name = std::string(request.name);
    wish.scopes = request.scopes;
    if (request.environment == KeyEnvironment::Test) wish.environment = "test";
    CO_TRY(KeyedWrite keyed, begin_keyed_write(context, request.idempotency, first_answer));
    CO_TRY(access::KeyWithSecret made,
           co_await context.services.keys.create(context.principal, std::move(wish), std::move(keyed.write)));
    if (made.replayed) co_return created_from<NewApiKeyShape>(made.answer);
    co_return Created<Raw<NewApiKeyShape>>{{std::move(made.text)}, api_key_url(made.id), {}};
}

}  // namespace

const Endpoint create_api_key = Operation<CreateApiKey, Created<Raw<NewApiKeyShape>>>{
    .id = "createApiKey",
    .method = http::Method::Post,
    .path = "/v1/api-keys",
    .tag = "API keys",
    .summary = "Create an API key",
    .description =
        "Nobody can give a key more scopes, fewer restrictions or a longer life than he has. The secret "
        "is shown this once.",
    .scope = Scope::KeyManage,
    .rate = RateClass::Standard,
    .idempotency = Idempotency::Keyed,
    .errors = {ErrorCode::FORBIDDEN, ErrorCode::LIMIT_EXCEEDED, ErrorCode::QUOTA_EXCEEDED},
    .run = run};

}  // namespace credvault::api
