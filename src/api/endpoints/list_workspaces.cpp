#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"
#include "api/endpoints/list_parameters.h"

namespace credvault::api {
namespace {

struct ListWorkspaces {
    ListParameters list;
    OtherParameters filters;
    static Fields fields() {
        return {
            include(&ListWorkspaces::list),
            other_query_on<WorkspaceShape>(&ListWorkspaces::filters, {.description = "Filters by field."})};
    }
};

Reply<RawList<WorkspaceShape>> run(Context& context, const ListWorkspaces& request) {
    CO_TRY(storage::ListQuery query, request.list.query(request.filters));
    CO_TRY(const std::vector<std::string> rows,
           co_await context.services.identity.workspaces.list(context.principal));
    CO_TRY(storage::Listing page, documents::list_rows(rows, std::move(query), "id"));
    co_return RawList<WorkspaceShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint list_workspaces = Operation<ListWorkspaces, RawList<WorkspaceShape>>{
    .id = "listWorkspaces",
    .method = http::Method::Get,
    .path = "/v1/workspaces",
    .tag = "Workspaces",
    .summary = "List your workspaces",
    .description = "Those that the user belongs to; of a key: its own.",
    .scope = Requirement::credential(),
    .rate = RateClass::Standard,
    .errors = {ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT,
               ErrorCode::INVALID_CURSOR, ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR},
    .run = run};

}  // namespace credvault::api
