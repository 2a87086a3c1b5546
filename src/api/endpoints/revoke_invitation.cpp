#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct RevokeInvitation {
    std::string_view invitation;
    static Fields fields() {
        using S = RevokeInvitation;
        return {path(&S::invitation, "invitation",
                     {.description = "The invitation's id.", .example = "inv_4f7Qd2h8", .max_length = 64})};
    }
};

Reply<NoContent> run(Context& context, const RevokeInvitation& request) {
    CO_TRY_VOID(co_await context.services.identity.invitations.revoke(context.principal,
                                                                      std::string(request.invitation)));
    co_return NoContent();
}

}  // namespace

const Endpoint revoke_invitation = Operation<RevokeInvitation, NoContent>{
    .id = "revokeInvitation",
    .method = http::Method::Delete,
    .path = "/v1/invitations/{invitation}",
    .tag = "Invitations",
    .summary = "Revoke an invitation",
    .description = "Its link is worth nothing as soon as this is answered.",
    .scope = Scope::TeamManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::INVITATION_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
