#include "api/endpoints.h"
#include "api/endpoints/paths.h"
#include "api/endpoints/shapes.h"
#include "documents/collections.h"

namespace credvault::api {
namespace {

struct UpdateCollection {
    CollectionPath at;
    std::optional<bool> require_if_match;

    static Fields fields() {
        return {include(&UpdateCollection::at),
                body(&UpdateCollection::require_if_match, "require_if_match",
                     {.description = "Whether changing a record needs `If-Match`.", .example = "true"})};
    }
};

Reply<Resource<Raw<CollectionShape>>> run(Context& context, const UpdateCollection& request) {
    CO_TRY(const documents::Place place, request.at.resolve(context));
    CO_TRY(documents::CollectionOptions options, co_await context.services.collections.options(place));
    if (request.require_if_match) options.require_if_match = *request.require_if_match;
    CO_TRY(std::string text,
           co_await context.services.collections.alter(place, options, std::string(context.actor())));
    co_return Resource<Raw<CollectionShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint update_collection = Operation<UpdateCollection, Resource<Raw<CollectionShape>>>{
    .id = "updateCollection",
    .method = http::Method::Patch,
    .path = "/v1/databases/{database}/collections/{collection}",
    .tag = "Collections",
    .summary = "Change a collection's settings",
    .description = "Sets what is given and leaves the rest.",
    .scope = Scope::DatabaseManage,
    .rate = RateClass::Standard,
    .consumes = {"application/json", "application/merge-patch+json"},
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
