#include "api/endpoints.h"
#include "api/endpoints/api_key_shapes.h"

namespace credvault::api {
namespace {

struct RevokeApiKey {
    ApiKeyPath at;
    static Fields fields() { return {include(&RevokeApiKey::at)}; }
};

Reply<Resource<Raw<ApiKeyShape>>> run(Context& context, const RevokeApiKey& request) {
    CO_TRY(std::string text,
           co_await context.services.keys.revoke(context.principal, std::string(request.at.key)));
    co_return Resource<Raw<ApiKeyShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint revoke_api_key = Operation<RevokeApiKey, Resource<Raw<ApiKeyShape>>>{
    .id = "revokeApiKey",
    .method = http::Method::Post,
    .path = "/v1/api-keys/{key}/revoke",
    .tag = "API keys",
    .summary = "Revoke an API key",
    .description =
        "For good, with all its secrets; it stays in the list. Every call that begins after the answer "
        "is refused.",
    .scope = Scope::KeyManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::API_KEY_NOT_FOUND, ErrorCode::FORBIDDEN, ErrorCode::WRITE_CONFLICT},
    .run = run};

}  // namespace credvault::api
