#include "api/authentication.h"
#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct ChangePassword {
    std::string_view current_password, new_password, code, recovery_code;
    static Fields fields() {
        using S = ChangePassword;
        return {body(&S::current_password, "current_password",
                     {.description = "The one so far.",
                      .example = "correct horse battery",
                      .required = true,
                      .min_length = 1,
                      .max_length = 1024}),
                body(&S::new_password, "new_password",
                     {.description = "12 to 256 characters.",
                      .example = "correct horse battery",
                      .required = true,
                      .min_length = 1,
                      .max_length = 1024}),
                body(&S::code, "code",
                     {.description = "Of the authenticator app, where the account has a second factor.",
                      .example = "123456",
                      .max_length = 32}),
                body(&S::recovery_code, "recovery_code",
                     {.description = "Instead of `code`: one of the recovery codes.",
                      .example = "k7wm2-9xq4t",
                      .max_length = 64})};
    }
};

Reply<NoContent> run(Context& context, const ChangePassword& request) {
    access::Credentials credentials{{},
                                    std::string(request.current_password),
                                    {std::string(request.code), std::string(request.recovery_code)}};
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
