#include "api/endpoints.h"
#include "api/endpoints/list_parameters.h"
#include "api/endpoints/shapes.h"
#include "documents/databases.h"

namespace credvault::api {
namespace {

struct ListDatabases {
    ListParameters list;
    OtherParameters filters;

    static Fields fields() {
        return {include(&ListDatabases::list),
                other_query_on<DatabaseShape>(&ListDatabases::filters, {.description = "Filters by field."})};
    }
};

Reply<RawList<DatabaseShape>> run(Context& context, const ListDatabases& request) {
    TRY(const documents::ListQuery query, request.list.query(request.filters));
    const auto shown = [&](std::string_view name) {
        return !context.principal.restrictions || context.principal.restrictions->allows_database(name);
    };
    TRY(documents::Listing page, context.services.databases.list(context.workspace(), query, shown));
    return RawList<DatabaseShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint list_databases = Operation<ListDatabases, RawList<DatabaseShape>>{
    .id = "listDatabases",
    .method = http::Method::Get,
    .path = "/v1/databases",
    .tag = "Databases",
    .summary = "List databases",
    .description = "The databases of the workspace, by name unless a sort says otherwise.",
    .scope = Scope::MetadataRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT,
               ErrorCode::INVALID_CURSOR, ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR},
    .run = run};

}  // namespace credvault::api
