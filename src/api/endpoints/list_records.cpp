#include "api/endpoints.h"
#include "api/endpoints/list_parameters.h"
#include "api/endpoints/paths.h"
#include "api/endpoints/shapes.h"
#include "documents/queries.h"

namespace credvault::api {
namespace {

struct ListRecords {
    CollectionPath at;
    ListParameters list;
    OtherParameters filters;

    static Fields fields() {
        return {include(&ListRecords::at), include(&ListRecords::list),
                other_query(&ListRecords::filters,
                            {.description =
                                 "Every other name is a filter on that field: `status=active`, "
                                 "`age[gt]=18`, `tags[in]=a,b`, `name[exists]=true`, `email[regex]=^a`."})};
    }
};

Reply<RawList<ProjectedRecordShape>> run(Context& context, const ListRecords& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    CO_TRY(documents::ListQuery query, request.list.query(request.filters));
    CO_TRY(documents::Listing page,
           co_await context.services.queries.page(std::move(place), std::move(query), {}));
    co_return RawList<ProjectedRecordShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint list_records = Operation<ListRecords, RawList<ProjectedRecordShape>>{
    .id = "listRecords",
    .method = http::Method::Get,
    .path = "/v1/databases/{database}/collections/{collection}/records",
    .tag = "Records",
    .summary = "List records",
    .description = "A page of records, filtered by any field, by id unless a sort says otherwise.",
    .scope = Scope::DatabaseRead,
    .rate = RateClass::Scan,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INVALID_FILTER,
               ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT, ErrorCode::INVALID_CURSOR,
               ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR, ErrorCode::QUERY_TIMEOUT,
               ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
