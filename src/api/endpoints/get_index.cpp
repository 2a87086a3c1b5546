#include "api/endpoints.h"
#include "api/endpoints/paths.h"
#include "api/endpoints/shapes.h"
#include "documents/collections.h"

namespace credvault::api {
namespace {

struct GetIndex {
    CollectionPath at;
    std::string_view name;

    static Fields fields() {
        return {include(&GetIndex::at),
                path(&GetIndex::name, "index", {.description = "The index's name.", .example = "by_status"})};
    }
};

Reply<Resource<Raw<CollectionIndexShape>>> run(Context& context, const GetIndex& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    CO_TRY(std::string text,
           co_await context.services.collections.describe_index(std::move(place), std::string(request.name)));
    co_return Resource<Raw<CollectionIndexShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint get_index = Operation<GetIndex, Resource<Raw<CollectionIndexShape>>>{
    .id = "getIndex",
    .method = http::Method::Get,
    .path = "/v1/databases/{database}/collections/{collection}/indexes/{index}",
    .tag = "Indexes",
    .summary = "Get an index",
    .description = "An index and how far it is built.",
    .scope = Scope::MetadataRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INDEX_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
