#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct LeaveWorkspace {
    WorkspacePath at;
    static Fields fields() { return {include(&LeaveWorkspace::at)}; }
};

Reply<NoContent> run(Context& context, const LeaveWorkspace& request) {
    CO_TRY_VOID(co_await context.services.identity.members.leave(context.principal.id,
                                                                 std::string(request.at.workspace)));
    co_return NoContent();
}

}  // namespace

const Endpoint leave_workspace = Operation<LeaveWorkspace, NoContent>{
    .id = "leaveWorkspace",
    .method = http::Method::Post,
    .path = "/v1/workspaces/{workspace}/leave",
    .tag = "Workspaces",
    .summary = "Leave a workspace",
    .description = "The last owner can't.",
    .scope = Requirement::user(),
    .rate = RateClass::Standard,
    .errors = {ErrorCode::WORKSPACE_NOT_FOUND, ErrorCode::LAST_OWNER, ErrorCode::WRITE_CONFLICT},
    .run = run};

}  // namespace credvault::api
