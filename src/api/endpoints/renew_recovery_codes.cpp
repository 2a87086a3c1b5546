#include "api/authentication.h"
#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"
#include "api/endpoints/recovery_codes.h"

namespace credvault::api {
namespace {

struct RenewRecoveryCodes {
    std::string_view current_password, code, recovery_code;
    static Fields fields() {
        using S = RenewRecoveryCodes;
        return {body(&S::current_password, "current_password",
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
                      .max_length = 64})};
    }
};

Reply<Resource<RecoveryCodesShape>> run(Context& context, const RenewRecoveryCodes& request) {
    access::Identity& identity = context.services.identity;
    access::Credentials credentials{{},
                                    std::string(request.current_password),
                                    {std::string(request.code), std::string(request.recovery_code)}};
    CO_TRY(access::Proof proof, co_await identity.sign_in.prove(context.principal.id, std::move(credentials),
                                                                client_of(context.http, false), true));
    CO_TRY(std::vector<std::string> codes,
           co_await identity.second_factor.renew_recovery_codes(context.principal.id, std::move(proof)));
    co_return Resource<RecoveryCodesShape>{{std::move(codes)}};
}

}  // namespace

const Endpoint renew_recovery_codes = Operation<RenewRecoveryCodes, Resource<RecoveryCodesShape>>{
    .id = "renewRecoveryCodes",
    .method = http::Method::Post,
    .path = "/v1/auth/totp/recovery-codes",
    .tag = "Authentication",
    .summary = "Make new recovery codes",
    .description = "The old ones are worth nothing from then on.",
    .scope = Requirement::user(),
    .rate = RateClass::Standard,
    .idempotency = Idempotency::None,
    .errors = {ErrorCode::INVALID_CREDENTIALS, ErrorCode::SECOND_FACTOR_REQUIRED, ErrorCode::INVALID_CODE,
               ErrorCode::RATE_LIMITED},
    .run = run};

}  // namespace credvault::api
