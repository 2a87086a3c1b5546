#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct GetInvitation {
    std::string_view invitation;
    static Fields fields() {
        using S = GetInvitation;
        return {path(&S::invitation, "invitation",
                     {.description = "The invitation's id.", .example = "inv_4f7Qd2h8", .max_length = 64})};
    }
};

Reply<Resource<Raw<InvitationShape>>> run(Context& context, const GetInvitation& request) {
    CO_TRY(std::string text, co_await context.services.identity.invitations.get(
                                 std::string(context.workspace()), std::string(request.invitation)));
    co_return Resource<Raw<InvitationShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint get_invitation = Operation<GetInvitation, Resource<Raw<InvitationShape>>>{
    .id = "getInvitation",
    .method = http::Method::Get,
    .path = "/v1/invitations/{invitation}",
    .tag = "Invitations",
    .summary = "Get an invitation",
    .description = "Without its token, which is not kept.",
    .scope = Scope::TeamManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::INVITATION_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
