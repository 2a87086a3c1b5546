#include "api/authentication.h"
#include "api/endpoints.h"
#include "api/endpoints/credential_fields.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct DisableTotp {
    CurrentCredentials proof;
    static Fields fields() { return {include(&DisableTotp::proof)}; }
};

Reply<NoContent> run(Context& context, const DisableTotp& request) {
    access::Identity& identity = context.services.identity;
    access::Credentials credentials = request.proof.credentials();
    CO_TRY(access::Proof proof, co_await identity.sign_in.prove(context.principal.id, std::move(credentials),
                                                                client_of(context.http, false), true));
    CO_TRY_VOID(co_await identity.second_factor.disable(context.principal.id, std::move(proof)));
    CO_TRY_VOID(co_await identity.sessions.reload(context.principal.id));
    co_return NoContent();
}

}  // namespace

const Endpoint disable_totp = Operation<DisableTotp, NoContent>{
    .id = "disableTotp",
    .method = http::Method::Post,
    .path = "/v1/auth/totp/disable",
    .tag = "Authentication",
    .summary = "Remove the second factor",
    .description =
        "Signing in takes the password alone from then on. Workspaces that demand a second factor are closed "
        "to the user.",
    .scope = Requirement::user(),
    .rate = RateClass::Standard,
    .idempotency = Idempotency::None,
    .errors = {ErrorCode::INVALID_CREDENTIALS, ErrorCode::SECOND_FACTOR_REQUIRED, ErrorCode::INVALID_CODE,
               ErrorCode::RATE_LIMITED},
    .run = run};

}  // namespace credvault::api
