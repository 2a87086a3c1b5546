#include "api/endpoints.h"
#include "api/endpoints/api_key_shapes.h"

namespace credvault::api {
namespace {

struct DeleteApiKey {
    ApiKeyPath at;
    static Fields fields() { return {include(&DeleteApiKey::at)}; }
};

Reply<NoContent> run(Context& context, const DeleteApiKey& request) {
    CO_TRY_VOID(co_await context.services.keys.remove(context.principal, std::string(request.at.key)));
    co_return NoContent();
}

}  // namespace

const Endpoint delete_api_key = Operation<DeleteApiKey, NoContent>{
    .id = "deleteApiKey",
    .method = http::Method::Delete,
    .path = "/v1/api-keys/{key}",
    .tag = "API keys",
    .summary = "Delete an API key",
    .description =
        "It is refused by every call that begins after the answer, and gone from the list; to keep it "
        "there, revoke it.",
    .scope = Scope::KeyManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::API_KEY_NOT_FOUND, ErrorCode::FORBIDDEN},
    .run = run};

}  // namespace credvault::api
