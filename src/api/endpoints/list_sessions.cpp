#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"
#include "api/endpoints/list_parameters.h"

namespace credvault::api {
namespace {

struct ListSessions {
    ListParameters list;
    OtherParameters filters;
    static Fields fields() {
        return {include(&ListSessions::list),
                other_query_on<SessionShape>(&ListSessions::filters, {.description = "Filters by field."})};
    }
};

Reply<RawList<SessionShape>> run(Context& context, const ListSessions& request) {
    CO_TRY(storage::ListQuery query, request.list.query(request.filters));
    CO_TRY(const std::vector<std::string> rows,
           co_await context.services.identity.sessions.list(context.principal.id, context.principal.session));
    CO_TRY(storage::Listing page, documents::list_rows(rows, std::move(query), "id"));
    co_return RawList<SessionShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint list_sessions = Operation<ListSessions, RawList<SessionShape>>{
    .id = "listSessions",
    .method = http::Method::Get,
    .path = "/v1/auth/sessions",
    .tag = "Authentication",
    .summary = "List your sessions",
    .description = "The sessions of the user that have not ended.",
    .scope = Requirement::user(),
    .rate = RateClass::Standard,
    .errors = {ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT,
               ErrorCode::INVALID_CURSOR, ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR},
    .run = run};

}  // namespace credvault::api
