#include "api/accepted.h"
#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"
#include "api/endpoints/job_shapes.h"
#include "api/endpoints/workspace_deletion.h"

namespace credvault::api {
namespace {

struct DeleteWorkspace {
    WorkspacePath at;
    std::string_view name;
    static Fields fields() {
        using S = DeleteWorkspace;
        return {include(&S::at), query(&S::name, "name",
                                       {.description = "The workspace's name, to confirm.",
                                        .example = "Acme",
                                        .required = true,
                                        .max_length = 400})};
    }
};

Reply<Accepted<Raw<JobShape>>> run(Context& context, const DeleteWorkspace& request) {
    const std::string id(request.at.workspace);
    CO_TRY_VOID(co_await context.services.identity.workspaces.begin_deletion(context.principal, id,
                                                                             std::string(request.name)));
    CO_TRY(jobs::StartedJob job,
           co_await context.services.jobs.start(deletion_of(id, std::string(context.actor())), {}));
    co_return Accepted<Raw<JobShape>>{{std::move(job.text)}, job_url(job.id)};
}

}  // namespace

jobs::JobRequest deletion_of(const std::string& workspace, const std::string& actor) {
    jobs::JobRequest job;
    job.type = "delete_workspace";
    job.workspace = workspace;
    job.actor = actor;
    job.target = workspace;
    job.parameters.clear();
    json::Writer(job.parameters).begin_object().key("workspace").string(workspace).end_object();
    return job;
}

const Endpoint delete_workspace = Operation<DeleteWorkspace, Accepted<Raw<JobShape>>>{
    .id = "deleteWorkspace",
    .method = http::Method::Delete,
    .path = "/v1/workspaces/{workspace}",
    .tag = "Workspaces",
    .summary = "Delete a workspace",
    .description =
        "It must be the one that the call acts in. Its keys, members and invitations are worth nothing as "
        "soon as this is answered; a job removes the data. This can't be undone.",
    .scope = Requirement::owner(),
    .rate = RateClass::Standard,
    .errors = {ErrorCode::WORKSPACE_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
