#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct UpdateWorkspace {
    WorkspacePath at;
    std::optional<std::string_view> name;
    std::optional<bool> require_totp;
    static Fields fields() {
        using S = UpdateWorkspace;
        return {include(&S::at),
                body(&S::name, "name",
                     {.description = "1 to 100 characters.", .example = "Acme", .max_length = 400}),
                body(&S::require_totp, "require_totp",
                     {.description = "Members without a second factor can then do nothing here but enrol.",
                      .example = "true"})};
    }
};

Reply<Resource<Raw<WorkspaceShape>>> run(Context& context, const UpdateWorkspace& request) {
    access::WorkspaceChange change;
    if (request.name) change.name = std::string(*request.name);
    change.require_totp = request.require_totp;
    CO_TRY(std::string text, co_await context.services.identity.workspaces.change(
                                 context.principal, std::string(request.at.workspace), std::move(change)));
    co_return Resource<Raw<WorkspaceShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint update_workspace = Operation<UpdateWorkspace, Resource<Raw<WorkspaceShape>>>{
    .id = "updateWorkspace",
    .method = http::Method::Patch,
    .path = "/v1/workspaces/{workspace}",
    .tag = "Workspaces",
    .summary = "Change a workspace",
    .description = "Its name and settings; it must be the one that the call acts in.",
    .scope = Scope::SettingsModify,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::WORKSPACE_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
