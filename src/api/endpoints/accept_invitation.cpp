#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct AcceptInvitation {
    std::string_view token, password, name;
    static Fields fields() {
        using S = AcceptInvitation;
        return {body(&S::token, "token",
                     {.description = "From the invitation's link.",
                      .example = "cvi_…",
                      .required = true,
                      .max_length = 100}),
                body(&S::password, "password",
                     {.description = "Of the new account, where the email has none: 12 to 256 characters.",
                      .example = "correct horse battery",
                      .required = false,
                      .min_length = 1,
                      .max_length = 1024}),
                body(&S::name, "name",
                     {.description = "Of the new account.", .example = "Bob", .max_length = 400})};
    }
};

struct AcceptedShape {
    UserShape user;
    MembershipShape workspace;
    static constexpr std::string_view schema_name = "AcceptedInvitation";
    static Fields fields() {
        using S = AcceptedShape;
        return {body(&S::user, "user", {.description = "Who accepted."}),
                body(&S::workspace, "workspace", {.description = "Where he is a member now."})};
    }
};

Reply<Resource<AcceptedShape>> run(Context& context, const AcceptInvitation& request) {
    const access::Principal* caller =
        context.principal.kind == access::PrincipalKind::User ? &context.principal : nullptr;
    access::Acceptance acceptance{std::string(request.token), std::string(request.password),
                                  std::string(request.name)};
    CO_TRY(access::Accepted made,
           co_await context.services.identity.invitations.accept(caller, std::move(acceptance),
                                                                 std::string(context.http.remote_address)));
    co_return Resource<AcceptedShape>{{UserShape::of(made.user), MembershipShape::of(made.membership)}};
}

}  // namespace

const Endpoint accept_invitation = Operation<AcceptInvitation, Resource<AcceptedShape>>{
    .id = "acceptInvitation",
    .method = http::Method::Post,
    .path = "/v1/invitations/accept",
    .tag = "Invitations",
    .summary = "Accept an invitation",
    .description =
        "Makes the account of the invited email, which then signs in, or, with its access token, adds the "
        "workspace to an account that is there.",
    .scope = Requirement::none(),
    .rate = RateClass::Standard,
    .idempotency = Idempotency::None,
    .errors = {ErrorCode::INVALID_CODE, ErrorCode::UNAUTHENTICATED, ErrorCode::FORBIDDEN,
               ErrorCode::WEAK_PASSWORD, ErrorCode::ALREADY_EXISTS, ErrorCode::QUOTA_EXCEEDED,
               ErrorCode::RATE_LIMITED},
    .run = run};

}  // namespace credvault::api
