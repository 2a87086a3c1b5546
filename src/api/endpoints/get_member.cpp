#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct GetMember {
    std::string_view member;
    static Fields fields() {
        using S = GetMember;
        return {path(&S::member, "member",
                     {.description = "The membership's id.", .example = "mem_4f7Qd2h8", .max_length = 64})};
    }
};

Reply<Resource<Raw<MemberShape>>> run(Context& context, const GetMember& request) {
    CO_TRY(std::string text, co_await context.services.identity.members.get(std::string(context.workspace()),
                                                                            std::string(request.member)));
    co_return Resource<Raw<MemberShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint get_member =
    Operation<GetMember, Resource<Raw<MemberShape>>>{.id = "getMember",
                                                     .method = http::Method::Get,
                                                     .path = "/v1/members/{member}",
                                                     .tag = "Members",
                                                     .summary = "Get a member",
                                                     .description = "A user of the workspace and his role.",
                                                     .scope = Scope::TeamManage,
                                                     .rate = RateClass::Standard,
                                                     .errors = {ErrorCode::MEMBER_NOT_FOUND},
                                                     .run = run};

}  // namespace credvault::api
