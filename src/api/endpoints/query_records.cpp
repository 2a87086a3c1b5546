#include "api/endpoints.h"
#include "api/endpoints/list_parameters.h"
#include "api/endpoints/paths.h"
#include "api/endpoints/shapes.h"

namespace credvault::api {
namespace {

struct QueryRecords {
    CollectionPath at;
    QueryParameters page;
    static Fields fields() { return {include(&QueryRecords::at), include(&QueryRecords::page)}; }
};

Reply<RawList<ProjectedRecordShape>> run(Context& context, const QueryRecords& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    CO_TRY(documents::ListQuery query, request.page.query());
    CO_TRY(documents::Listing page,
           co_await context.services.queries.page(std::move(place), std::move(query),
                                                  {request.page.timeout_ms, nullptr}));
    co_return RawList<ProjectedRecordShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint query_records = Operation<QueryRecords, RawList<ProjectedRecordShape>>{
    .id = "queryRecords",
    .method = http::Method::Post,
    .path = "/v1/databases/{database}/collections/{collection}/query",
    .tag = "Queries",
    .summary = "Query records",
    .description = "A page of the records that match a filter, sorted and projected.",
    .scope = Scope::QueryExecute,
    .rate = RateClass::Scan,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INVALID_FILTER,
               ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT, ErrorCode::INVALID_CURSOR,
               ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR, ErrorCode::QUERY_TIMEOUT,
               ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
