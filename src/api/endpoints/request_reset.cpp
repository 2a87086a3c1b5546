#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct RequestReset {
    std::string_view email;
    static Fields fields() {
        return {body(&RequestReset::email, "email",
                     {.description = "The account's email; case does not matter.",
                      .example = "ada@example.com",
                      .required = true,
                      .min_length = 3,
                      .max_length = 254})};
    }
};

Reply<NoContent> run(Context& context, const RequestReset& request) {
    CO_TRY_VOID(co_await context.services.identity.password_reset.request(
        std::string(request.email), std::string(context.http.remote_address)));
    co_return NoContent();
}

}  // namespace

const Endpoint request_reset = Operation<RequestReset, NoContent>{
    .id = "requestPasswordReset",
    .method = http::Method::Post,
    .path = "/v1/auth/reset",
    .tag = "Authentication",
    .summary = "Ask for a new password",
    .description =
        "Sends a link to the email where it has an account; the answer is the same where it has none. "
        "Without a mail server an operator makes the code: credvault reset-code.",
    .scope = Requirement::none(),
    .rate = RateClass::Standard,
    .idempotency = Idempotency::None,
    .errors = {ErrorCode::RATE_LIMITED},
    .run = run};

}  // namespace credvault::api
