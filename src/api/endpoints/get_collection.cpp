#include "api/endpoints.h"
#include "api/endpoints/paths.h"
#include "api/endpoints/shapes.h"
#include "documents/collections.h"

namespace credvault::api {
namespace {

struct GetCollection {
    CollectionPath at;
    static Fields fields() { return {include(&GetCollection::at)}; }
};

Reply<Resource<Raw<CollectionShape>>> run(Context& context, const GetCollection& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    CO_TRY(std::string text, co_await context.services.collections.describe(std::move(place)));
    co_return Resource<Raw<CollectionShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint get_collection = Operation<GetCollection, Resource<Raw<CollectionShape>>>{
    .id = "getCollection",
    .method = http::Method::Get,
    .path = "/v1/databases/{database}/collections/{collection}",
    .tag = "Collections",
    .summary = "Get a collection",
    .description = "A collection with its statistics and indexes.",
    .scope = Scope::MetadataRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
