#include "api/authentication.h"
#include "api/endpoints.h"
#include "api/endpoints/credential_fields.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct LogIn {
    std::string_view email, password;
    SecondFactorFields factor;
    bool cookie = false;
    static Fields fields() {
        using S = LogIn;
        return {body(&S::email, "email", email_rules), body(&S::password, "password", password_rules),
                include(&S::factor), body(&S::cookie, "cookie", cookie_rules)};
    }
};

Reply<WithCookies<SignedInShape>> run(Context& context, const LogIn& request) {
    access::Credentials credentials = request.factor.with(request.email, request.password);
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
