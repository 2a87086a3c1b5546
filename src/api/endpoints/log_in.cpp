#include "api/authentication.h"
#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct LogIn {
    std::string_view email, password, code, recovery_code;
    bool cookie = false;
    static Fields fields() {
        using S = LogIn;
        return {body(&S::email, "email",
                     {.description = "The account's email; case does not matter.",
                      .example = "ada@example.com",
                      .required = true,
                      .min_length = 3,
                      .max_length = 254}),
                body(&S::password, "password",
                     {.description = "The account's password.",
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
                      .max_length = 64}),
                body(&S::cookie, "cookie",
                     {.description = "Hand the session over in cookies, for browsers.",
                      .default_value = "false"})};
    }
};

Reply<WithCookies<SignedInShape>> run(Context& context, const LogIn& request) {
    access::Credentials credentials{std::string(request.email),
                                    std::string(request.password),
                                    {std::string(request.code), std::string(request.recovery_code)}};
    CO_TRY(access::SignedIn made, co_await context.services.identity.sign_in.sign_in(
                                      std::move(credentials), client_of(context.http, request.cookie)));
    co_return co_await signed_in(context, std::move(made.user), std::move(made.tokens));
}

}  // namespace

const Endpoint log_in = Operation<LogIn, WithCookies<SignedInShape>>{
    .id = "logIn",
    .method = http::Method::Post,
    .path = "/v1/auth/login",
    .tag = "Authentication",
    .summary = "Sign in",
    .description =
        "Begins a session. A wrong password and an unknown email are answered alike; attempts are counted "
        "per account and per address, and 429 says when the next one may be made.",
    .scope = Requirement::none(),
    .rate = RateClass::Standard,
    .idempotency = Idempotency::None,
    .errors = {ErrorCode::INVALID_CREDENTIALS, ErrorCode::SECOND_FACTOR_REQUIRED, ErrorCode::RATE_LIMITED},
    .run = run};

}  // namespace credvault::api
