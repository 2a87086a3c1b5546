#include "api/endpoints.h"
#include "api/endpoints/api_key_shapes.h"

namespace credvault::api {
namespace {

struct GetApiKey {
    ApiKeyPath at;
    static Fields fields() { return {include(&GetApiKey::at)}; }
};

Reply<Resource<Raw<ApiKeyShape>>> run(Context& context, const GetApiKey& request) {
    TRY(std::string text, context.services.keys.get(context.principal, request.at.key));
    return Resource<Raw<ApiKeyShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint get_api_key = Operation<GetApiKey, Resource<Raw<ApiKeyShape>>>{
    .id = "getApiKey",
    .method = http::Method::Get,
    .path = "/v1/api-keys/{key}",
    .tag = "API keys",
    .summary = "Get an API key",
    .description = "All but its secret, which is kept nowhere.",
    .scope = Scope::KeyManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::API_KEY_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
