#include "api/endpoints.h"
#include "api/endpoints/list_parameters.h"
#include "api/endpoints/paths.h"
#include "api/endpoints/shapes.h"
#include "documents/collections.h"

namespace credvault::api {
namespace {

struct ListCollections {
    DatabasePath at;
    ListParameters list;
    OtherParameters filters;

    static Fields fields() {
        return {
            include(&ListCollections::at), include(&ListCollections::list),
            other_query_on<CollectionShape>(&ListCollections::filters, {.description = "Filters by field."})};
    }
};

Reply<RawList<CollectionShape>> run(Context& context, const ListCollections& request) {
    CO_TRY(documents::DatabaseRef database, request.at.resolve(context));
    CO_TRY(documents::ListQuery query, request.list.query(request.filters));
    CO_TRY(documents::Listing page,
           co_await context.services.collections.list(std::move(database), std::move(query)));
    co_return RawList<CollectionShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint list_collections = Operation<ListCollections, RawList<CollectionShape>>{
    .id = "listCollections",
    .method = http::Method::Get,
    .path = "/v1/databases/{database}/collections",
    .tag = "Collections",
    .summary = "List collections",
    .description =
        "The collections of a database with statistics and indexes, by name unless a sort says otherwise.",
    .scope = Scope::MetadataRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION,
               ErrorCode::INVALID_SORT, ErrorCode::INVALID_CURSOR, ErrorCode::INVALID_PROJECTION,
               ErrorCode::UNSUPPORTED_OPERATOR},
    .run = run};

}  // namespace credvault::api
