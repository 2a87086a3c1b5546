#include "api/endpoints.h"
#include "api/endpoints/paths.h"
#include "documents/collections.h"

namespace credvault::api {
namespace {

struct DeleteIndex {
    CollectionPath at;
    std::string_view name;

    static Fields fields() {
        return {
            include(&DeleteIndex::at),
            path(&DeleteIndex::name, "index", {.description = "The index's name.", .example = "by_status"})};
    }
};

Reply<NoContent> run(Context& context, const DeleteIndex& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    CO_TRY_VOID(co_await context.services.collections.drop_index(std::move(place), std::string(request.name),
                                                                 std::string(context.actor())));
    co_return NoContent();
}

}  // namespace

const Endpoint delete_index = Operation<DeleteIndex, NoContent>{
    .id = "deleteIndex",
    .method = http::Method::Delete,
    .path = "/v1/databases/{database}/collections/{collection}/indexes/{index}",
    .tag = "Indexes",
    .summary = "Delete an index",
    .description = "Queries stop using it at once; its entries are removed in the background.",
    .scope = Scope::DatabaseManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INDEX_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
