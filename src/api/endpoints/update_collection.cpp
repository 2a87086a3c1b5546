#include "api/endpoints.h"
#include "api/endpoints/collection_settings.h"
#include "api/endpoints/paths.h"
#include "api/endpoints/shapes.h"
#include "documents/collections.h"

namespace credvault::api {
namespace {

struct UpdateCollection {
    CollectionPath at;
    CollectionSettings settings;

    static Fields fields() { return {include(&UpdateCollection::at), include(&UpdateCollection::settings)}; }
};

Reply<Resource<Raw<CollectionShape>>> run(Context& context, const UpdateCollection& request) {
    CO_TRY(const documents::Place place, request.at.resolve(context));
    documents::CollectionChange wanted;
    CO_TRY(wanted.options, co_await context.services.collections.options(place));
    CO_TRY_VOID(request.settings.apply(wanted));
    CO_TRY(std::string text, co_await context.services.collections.alter(place, std::move(wanted),
                                                                         std::string(context.actor())));
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
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INVALID_SCHEMA,
               ErrorCode::INVALID_INDEX},
    .run = run};

}  // namespace credvault::api
