#include "api/authentication.h"
#include "api/endpoints.h"
#include "api/endpoints/credential_fields.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct SetUp {
    std::string_view code, email, password, name;
    bool cookie = false;
    static Fields fields() {
        using S = SetUp;
        return {body(&S::code, "code",
                     {.description = "What the server printed when it was started.",
                      .example = "cvs_…",
                      .required = true,
                      .max_length = 100}),
                body(&S::email, "email", email_rules), body(&S::password, "password", new_password_rules),
                body(&S::name, "name",
                     {.description = "For people.", .example = "Ada", .required = true, .max_length = 400}),
                body(&S::cookie, "cookie", cookie_rules)};
    }
};

Reply<WithCookies<SignedInShape>> run(Context& context, const SetUp& request) {
    access::FirstOwner owner{std::string(request.code), std::string(request.email),
                             std::string(request.password), std::string(request.name)};
    CO_TRY(access::SignedIn made, co_await context.services.identity.sign_in.set_up(
                                      std::move(owner), client_of(context.http, request.cookie)));
    co_return co_await signed_in(context, std::move(made.user), std::move(made.tokens));
}

}  // namespace

const Endpoint set_up = Operation<SetUp, WithCookies<SignedInShape>>{
    .id = "setUp",
    .method = http::Method::Post,
    .path = "/v1/auth/setup",
    .tag = "Authentication",
    .summary = "Make the first owner",
    .description =
        "Makes the first user, owner of the first workspace, with the code that the server prints while "
        "there is none, and signs him in.",
    .scope = Requirement::none(),
    .rate = RateClass::Standard,
    .idempotency = Idempotency::None,
    .errors = {ErrorCode::ALREADY_EXISTS, ErrorCode::INVALID_CODE, ErrorCode::WEAK_PASSWORD,
               ErrorCode::RATE_LIMITED},
    .run = run};

}  // namespace credvault::api
