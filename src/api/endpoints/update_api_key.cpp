#include "api/endpoints.h"
#include "api/endpoints/api_key_shapes.h"

namespace credvault::api {
namespace {

struct UpdateApiKey {
    ApiKeyPath at;
    std::optional<std::string_view> name;
    std::optional<std::vector<std::string>> scopes;
    ApiKeyLimits limits;
    std::optional<bool> enabled;

    static Fields fields() {
        return {include(&UpdateApiKey::at), body(&UpdateApiKey::name, "name", key_name_rules()),
                body(&UpdateApiKey::scopes, "scopes", key_scopes_rules()), include(&UpdateApiKey::limits),
                body(&UpdateApiKey::enabled, "enabled",
                     {.description = "Whether it works: false turns it off until it is turned on again.",
                      .example = "false"})};
    }
};

Reply<Resource<Raw<ApiKeyShape>>> run(Context& context, const UpdateApiKey& request) {
    access::KeyWish wish = request.limits.wish();
    if (request.name) wish.name = std::string(*request.name);
    wish.scopes = request.scopes;
    wish.enabled = request.enabled;
    CO_TRY(std::string text, co_await context.services.keys.change(
                                 context.principal, std::string(request.at.key), std::move(wish)));
    co_return Resource<Raw<ApiKeyShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint update_api_key = Operation<UpdateApiKey, Resource<Raw<ApiKeyShape>>>{
    .id = "updateApiKey",
    .method = http::Method::Patch,
    .path = "/v1/api-keys/{key}",
    .tag = "API keys",
    .summary = "Change an API key",
    .description =
        "Sets what is given and leaves the rest; it holds for every call that begins after the answer.",
    .scope = Scope::KeyManage,
    .rate = RateClass::Standard,
    .consumes = {"application/json", "application/merge-patch+json"},
    .errors = {ErrorCode::API_KEY_NOT_FOUND, ErrorCode::API_KEY_REVOKED, ErrorCode::FORBIDDEN,
               ErrorCode::WRITE_CONFLICT},
    .run = run};

}  // namespace credvault::api
