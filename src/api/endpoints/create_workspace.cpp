#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct CreateWorkspace {
    std::string_view name;
    static Fields fields() {
        return {body(&CreateWorkspace::name, "name",
                     {.description = "1 to 100 characters; need not be unique.",
                      .example = "Acme",
                      .required = true,
                      .max_length = 400})};
    }
};

Reply<Created<Raw<WorkspaceShape>>> run(Context& context, const CreateWorkspace& request) {
    CO_TRY(std::string text, co_await context.services.identity.workspaces.create(context.principal.id,
                                                                                  std::string(request.name)));
    std::string location = "/v1/workspaces/" + json::View(text).find("id")->as_string();
    co_return Created<Raw<WorkspaceShape>>{{std::move(text)}, std::move(location), {}};
}

}  // namespace

const Endpoint create_workspace = Operation<CreateWorkspace, Created<Raw<WorkspaceShape>>>{
    .id = "createWorkspace",
    .method = http::Method::Post,
    .path = "/v1/workspaces",
    .tag = "Workspaces",
    .summary = "Create a workspace",
    .description =
        "The user becomes its owner. Calls act in it once it is picked, by switch or X-CredVault-Workspace.",
    .scope = Requirement::user(),
    .rate = RateClass::Standard,
    .idempotency = Idempotency::None,
    .errors = {ErrorCode::LIMIT_EXCEEDED},
    .run = run};

}  // namespace credvault::api
