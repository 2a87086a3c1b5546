#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct SwitchWorkspace {
    WorkspacePath at;
    static Fields fields() { return {include(&SwitchWorkspace::at)}; }
};

Reply<Resource<Raw<WorkspaceShape>>> run(Context& context, const SwitchWorkspace& request) {
    access::Identity& identity = context.services.identity;
    const std::string id(request.at.workspace);
    CO_TRY_VOID(co_await identity.sessions.choose(context.principal.id, context.principal.session, id));
    CO_TRY(std::string text, co_await identity.workspaces.get(context.principal, id));
    co_return Resource<Raw<WorkspaceShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint switch_workspace = Operation<SwitchWorkspace, Resource<Raw<WorkspaceShape>>>{
    .id = "switchWorkspace",
    .method = http::Method::Post,
    .path = "/v1/workspaces/{workspace}/switch",
    .tag = "Workspaces",
    .summary = "Switch to a workspace",
    .description =
        "Calls of this session act in it from then on, where they name none with X-CredVault-Workspace.",
    .scope = Requirement::user(),
    .rate = RateClass::Standard,
    .errors = {ErrorCode::WORKSPACE_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
