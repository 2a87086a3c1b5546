#include "api/authentication.h"
#include "api/endpoints.h"
#include "api/endpoints/credential_fields.h"
#include "api/endpoints/identity_shapes.h"
#include "api/endpoints/recovery_codes.h"

namespace credvault::api {
namespace {

struct RenewRecoveryCodes {
    CurrentCredentials proof;
    static Fields fields() { return {include(&RenewRecoveryCodes::proof)}; }
};

Reply<Resource<RecoveryCodesShape>> run(Context& context, const RenewRecoveryCodes& request) {
    access::Identity& identity = context.services.identity;
    access::Credentials credentials = request.proof.credentials();
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
