#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct CreateInvitation {
    std::string_view email;
    access::Role role = access::Role::Viewer;
    std::optional<std::int64_t> expires_in_days;
    static Fields fields() {
        using S = CreateInvitation;
        return {body(&S::email, "email",
                     {.description = "Who is invited.",
                      .example = "bob@example.com",
                      .required = true,
                      .min_length = 3,
                      .max_length = 254}),
                body(&S::role, "role",
                     {.description = "What he will be: nothing with more rights than the caller has.",
                      .example = "developer",
                      .required = true}),
                body(&S::expires_in_days, "expires_in_days",
                     {.description = "Days that it can be accepted.", .example = "7", .min = 1, .max = 30})};
    }
};

struct InvitedShape {
    Raw<InvitationShape> invitation;
    std::optional<std::string> token, link;
    static constexpr std::string_view schema_name = "Invited";
    static Fields fields() {
        using S = InvitedShape;
        return {
            body(&S::invitation, "invitation", {.description = "The invitation."}),
            body(&S::token, "token",
                 {.description = "Where the server sends no mail: what accepts it. It is not shown again.",
                  .example = "cvi_…"}),
            body(&S::link, "link", {.description = "The same as a link to the dashboard."})};
    }
};

Reply<Created<InvitedShape>> run(Context& context, const CreateInvitation& request) {
    access::NewInvitation invitation{std::string(request.email), request.role, request.expires_in_days};
    CO_TRY(access::Invited made,
           co_await context.services.identity.invitations.create(context.principal, std::move(invitation)));
    InvitedShape shape{{std::move(made.text)}, {}, {}};
    if (!made.token.empty()) shape.token = std::move(made.token);
    if (!made.link.empty()) shape.link = std::move(made.link);
    co_return Created<InvitedShape>{std::move(shape), "/v1/invitations/" + made.id, {}};
}

}  // namespace

const Endpoint create_invitation = Operation<CreateInvitation, Created<InvitedShape>>{
    .id = "createInvitation",
    .method = http::Method::Post,
    .path = "/v1/invitations",
    .tag = "Invitations",
    .summary = "Invite somebody",
    .description =
        "Sends a mail with a link; where the server sends no mail the link is in the answer, for the caller "
        "to hand over.",
    .scope = Scope::TeamManage,
    .rate = RateClass::Standard,
    .idempotency = Idempotency::None,
    .errors = {ErrorCode::ALREADY_EXISTS, ErrorCode::LIMIT_EXCEEDED},
    .run = run};

}  // namespace credvault::api
