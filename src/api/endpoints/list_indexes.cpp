#include "api/endpoints.h"
#include "api/endpoints/list_parameters.h"
#include "api/endpoints/paths.h"
#include "api/endpoints/shapes.h"
#include "documents/collections.h"

namespace credvault::api {
namespace {

struct ListIndexes {
    CollectionPath at;
    ListParameters list;
    OtherParameters filters;

    static Fields fields() {
        return {include(&ListIndexes::at), include(&ListIndexes::list),
                other_query_on<CollectionIndexShape>(&ListIndexes::filters,
                                                     {.description = "Filters by field."})};
    }
};

Reply<RawList<CollectionIndexShape>> run(Context& context, const ListIndexes& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    CO_TRY(documents::ListQuery query, request.list.query(request.filters));
    CO_TRY(documents::Listing page,
           co_await context.services.collections.list_indexes(std::move(place), std::move(query)));
    co_return RawList<CollectionIndexShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint list_indexes = Operation<ListIndexes, RawList<CollectionIndexShape>>{
    .id = "listIndexes",
    .method = http::Method::Get,
    .path = "/v1/databases/{database}/collections/{collection}/indexes",
    .tag = "Indexes",
    .summary = "List indexes",
    .description = "The indexes of a collection and how far they are built.",
    .scope = Scope::MetadataRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INVALID_FILTER,
               ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT, ErrorCode::INVALID_CURSOR,
               ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR},
    .run = run};

}  // namespace credvault::api
