#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct RemoveMember {
    std::string_view member;
    static Fields fields() {
        using S = RemoveMember;
        return {path(&S::member, "member",
                     {.description = "The membership's id.", .example = "mem_4f7Qd2h8", .max_length = 64})};
    }
};

Reply<NoContent> run(Context& context, const RemoveMember& request) {
    CO_TRY_VOID(
        co_await context.services.identity.members.remove(context.principal, std::string(request.member)));
    co_return NoContent();
}

}  // namespace

const Endpoint remove_member = Operation<RemoveMember, NoContent>{
    .id = "removeMember",
    .method = http::Method::Delete,
    .path = "/v1/members/{member}",
    .tag = "Members",
    .summary = "Remove a member",
    .description =
        "His sessions are refused in this workspace as soon as this is answered. The last owner can't be "
        "removed.",
    .scope = Scope::TeamManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::MEMBER_NOT_FOUND, ErrorCode::LAST_OWNER, ErrorCode::WRITE_CONFLICT},
    .run = run};

}  // namespace credvault::api
