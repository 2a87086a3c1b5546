#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct ConfirmReset {
    std::string_view code, password;
    static Fields fields() {
        using S = ConfirmReset;
        return {body(&S::code, "code",
                     {.description = "From the mail's link, or the operator's.",
                      .example = "cvp_…",
                      .required = true,
                      .max_length = 100}),
                body(&S::password, "password",
                     {.description = "The new one: 12 to 256 characters.",
                      .example = "correct horse battery",
                      .required = true,
                      .min_length = 1,
                      .max_length = 1024})};
    }
};

Reply<NoContent> run(Context& context, const ConfirmReset& request) {
    CO_TRY_VOID(co_await context.services.identity.password_reset.confirm(
        std::string(request.code), std::string(request.password), std::string(context.http.remote_address)));
    co_return NoContent();
}

}  // namespace

const Endpoint confirm_reset = Operation<ConfirmReset, NoContent>{
    .id = "confirmPasswordReset",
    .method = http::Method::Post,
    .path = "/v1/auth/reset/confirm",
    .tag = "Authentication",
    .summary = "Set a new password",
    .description = "Uses the code up and ends all sessions of the user. A second factor stays in force.",
    .scope = Requirement::none(),
    .rate = RateClass::Standard,
    .idempotency = Idempotency::None,
    .errors = {ErrorCode::INVALID_CODE, ErrorCode::WEAK_PASSWORD, ErrorCode::RATE_LIMITED},
    .run = run};

}  // namespace credvault::api
