#include "api/authentication.h"
#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct EnrolTotp {
    std::string_view current_password;
    static Fields fields() {
        return {body(&EnrolTotp::current_password, "current_password",
                     {.description = "The account's password.",
                      .example = "correct horse battery",
                      .required = true,
                      .min_length = 1,
                      .max_length = 1024})};
    }
};

struct EnrolmentShape {
    std::string secret, otpauth_url;
    static constexpr std::string_view schema_name = "TotpEnrolment";
    static Fields fields() {
        using S = EnrolmentShape;
        return {body(&S::secret, "secret", {.description = "In base 32, for typing into an app."}),
                body(&S::otpauth_url, "otpauth_url", {.description = "The same for a QR code."})};
    }
};

Reply<Resource<EnrolmentShape>> run(Context& context, const EnrolTotp& request) {
    access::Identity& identity = context.services.identity;
    access::Credentials credentials{{}, std::string(request.current_password), {}};
    CO_TRY(access::Proof proof, co_await identity.sign_in.prove(context.principal.id, std::move(credentials),
                                                                client_of(context.http, false), false));
    CO_TRY(access::User user, co_await identity.users.get(context.principal.id));
    CO_TRY(access::Enrolment enrolment,
           co_await identity.second_factor.enrol(std::move(user), std::move(proof)));
    co_return Resource<EnrolmentShape>{{std::move(enrolment.secret), std::move(enrolment.url)}};
}

}  // namespace

const Endpoint enrol_totp = Operation<EnrolTotp, Resource<EnrolmentShape>>{
    .id = "enrolTotp",
    .method = http::Method::Post,
    .path = "/v1/auth/totp",
    .tag = "Authentication",
    .summary = "Begin to enrol a second factor",
    .description =
        "Gives a secret for an authenticator app; it is in force once its first code has confirmed it.",
    .scope = Requirement::user(),
    .rate = RateClass::Standard,
    .idempotency = Idempotency::None,
    .errors = {ErrorCode::ALREADY_EXISTS, ErrorCode::INVALID_CREDENTIALS, ErrorCode::RATE_LIMITED},
    .run = run};

}  // namespace credvault::api
