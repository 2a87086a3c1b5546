#include "api/endpoints.h"
#include "api/endpoints/paths.h"
#include "documents/collections.h"

namespace credvault::api {
namespace {

struct DeleteCollection {
    CollectionPath at;
    static Fields fields() { return {include(&DeleteCollection::at)}; }
};

Reply<NoContent> run(Context& context, const DeleteCollection& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    CO_TRY_VOID(co_await context.services.collections.drop(std::move(place), std::string(context.actor())));
    co_return NoContent();
}

}  // namespace

const Endpoint delete_collection = Operation<DeleteCollection, NoContent>{
    .id = "deleteCollection",
    .method = http::Method::Delete,
    .path = "/v1/databases/{database}/collections/{collection}",
    .tag = "Collections",
    .summary = "Delete a collection",
    .description = "Deletes the collection with its records and indexes. This can't be undone.",
    .scope = Scope::DatabaseManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
