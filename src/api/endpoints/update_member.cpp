#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct UpdateMember {
    std::string_view member;
    access::Role role = access::Role::Viewer;
    static Fields fields() {
        using S = UpdateMember;
        return {path(&S::member, "member",
                     {.description = "The membership's id.", .example = "mem_4f7Qd2h8", .max_length = 64}),
                body(&S::role, "role",
                     {.description = "The new role: none with more rights than the caller has.",
                      .example = "developer",
                      .required = true})};
    }
};

Reply<Resource<Raw<MemberShape>>> run(Context& context, const UpdateMember& request) {
    CO_TRY(std::string text, co_await context.services.identity.members.change_role(
                                 context.principal, std::string(request.member), request.role));
    co_return Resource<Raw<MemberShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint update_member = Operation<UpdateMember, Resource<Raw<MemberShape>>>{
    .id = "updateMember",
    .method = http::Method::Patch,
    .path = "/v1/members/{member}",
    .tag = "Members",
    .summary = "Change a role",
    .description = "Nobody gives or takes more than he has himself, and the last owner stays one.",
    .scope = Scope::TeamManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::MEMBER_NOT_FOUND, ErrorCode::LAST_OWNER, ErrorCode::WRITE_CONFLICT},
    .run = run};

}  // namespace credvault::api
