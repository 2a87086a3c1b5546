#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct GetWorkspace {
    WorkspacePath at;
    static Fields fields() { return {include(&GetWorkspace::at)}; }
};

Reply<Resource<Raw<WorkspaceShape>>> run(Context& context, const GetWorkspace& request) {
    CO_TRY(std::string text, co_await context.services.identity.workspaces.get(
                                 context.principal, std::string(request.at.workspace)));
    co_return Resource<Raw<WorkspaceShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint get_workspace = Operation<GetWorkspace, Resource<Raw<WorkspaceShape>>>{
    .id = "getWorkspace",
    .method = http::Method::Get,
    .path = "/v1/workspaces/{workspace}",
    .tag = "Workspaces",
    .summary = "Get a workspace",
    .description = "One that the user belongs to, or the key's own.",
    .scope = Requirement::credential(),
    .rate = RateClass::Standard,
    .errors = {ErrorCode::WORKSPACE_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
