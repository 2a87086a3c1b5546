#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"
#include "api/endpoints/written.h"

namespace credvault::api {
namespace {

struct CreateWorkspace {
    std::string_view name;
    std::optional<IdempotencyKey> idempotency;

    static Fields fields() {
        return {body(&CreateWorkspace::name, "name",
                     {.description = "1 to 100 characters; need not be unique.",
                      .example = "Acme",
                      .required = true,
                      .max_length = 400}),
                idempotency_key(&CreateWorkspace::idempotency)};
    }
};

StoredAnswer answer_of(const storage::WriteOutcome& outcome) {
    StoredAnswer answer;
    answer.created = true;
    answer.data = access::Workspaces::text_of_created(outcome);
    answer.location = "/v1/workspaces/" + outcome.operations.front().id;
    return answer;
}

Reply<Created<Raw<WorkspaceShape>>> run(Context& context, const CreateWorkspace& request) {
    CO_TRY(KeyedWrite keyed,
           begin_keyed_write(context, request.idempotency,
                             [](const storage::WriteOutcome& outcome) { return answer_of(outcome).text(); }));
    CO_TRY(const storage::WriteOutcome outcome,
           co_await context.services.identity.workspaces.create(
               context.principal.id, std::string(request.name), std::move(keyed.write)));
    if (outcome.replayed) co_return created_from<WorkspaceShape>(outcome.answer);
    co_return created_of<WorkspaceShape>(answer_of(outcome));
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
    .idempotency = Idempotency::Keyed,
    .errors = {ErrorCode::LIMIT_EXCEEDED},
    .run = run};

}  // namespace credvault::api
