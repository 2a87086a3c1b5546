#include "api/authentication.h"
#include "api/endpoints.h"
#include "api/endpoints/credential_fields.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct ChangePassword {
    CurrentCredentials proof;
    std::string_view new_password;
    static Fields fields() {
        return {include(&ChangePassword::proof),
                body(&ChangePassword::new_password, "new_password", new_password_rules)};
    }
};

Reply<NoContent> run(Context& context, const ChangePassword& request) {
    access::Credentials credentials = request.proof.credentials();
    CO_TRY_VOID(co_await context.services.identity.sign_in.change_password(
        context.principal.id, context.principal.session, std::move(credentials),
        std::string(request.new_password), client_of(context.http, false)));
    co_return NoContent();
}

}  // namespace

const Endpoint change_password = Operation<ChangePassword, NoContent>{
    .id = "changePassword",
    .method = http::Method::Post,
    .path = "/v1/auth/password",
    .tag = "Authentication",
    .summary = "Change the password",
    .description = "All other sessions of the user end.",
    .scope = Requirement::user(),
    .rate = RateClass::Standard,
    .errors = {ErrorCode::INVALID_CREDENTIALS, ErrorCode::SECOND_FACTOR_REQUIRED, ErrorCode::WEAK_PASSWORD,
               ErrorCode::RATE_LIMITED},
    .run = run};

}  // namespace credvault::api
