#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"
#include "api/endpoints/recovery_codes.h"

namespace credvault::api {
namespace {

struct ConfirmTotp {
    std::string_view code;
    static Fields fields() {
        return {body(
            &ConfirmTotp::code, "code",
            {.description = "What the app shows.", .example = "123456", .required = true, .max_length = 32})};
    }
};

Reply<Resource<RecoveryCodesShape>> run(Context& context, const ConfirmTotp& request) {
    access::Identity& identity = context.services.identity;
    const std::string user = context.principal.id;
    CO_TRY_VOID(identity.sign_in.accounts().begin("totp/" + user));
    CO_TRY(std::vector<std::string> codes,
           co_await identity.second_factor.confirm(user, std::string(request.code)));
    identity.sign_in.accounts().forget("totp/" + user);
    CO_TRY_VOID(co_await identity.sessions.reload(user));
    co_return Resource<RecoveryCodesShape>{{std::move(codes)}};
}

}  // namespace

const Endpoint confirm_totp = Operation<ConfirmTotp, Resource<RecoveryCodesShape>>{
    .id = "confirmTotp",
    .method = http::Method::Post,
    .path = "/v1/auth/totp/confirm",
    .tag = "Authentication",
    .summary = "Put the second factor in force",
    .description =
        "Takes the app's first code and answers the recovery codes. From then on signing in takes a code.",
    .scope = Requirement::user(),
    .rate = RateClass::Standard,
    .idempotency = Idempotency::None,
    .errors = {ErrorCode::ALREADY_EXISTS, ErrorCode::INVALID_CODE, ErrorCode::RATE_LIMITED},
    .run = run};

}  // namespace credvault::api
