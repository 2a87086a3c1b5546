#include "api/endpoints.h"
#include "api/endpoints/written.h"

namespace credvault::api {
namespace {

struct DeleteRecord {
    RecordPath at;
    std::optional<EntityTags> match;
    std::optional<EntityTags> none_match;
    static Fields fields() {
        return {include(&DeleteRecord::at), if_match(&DeleteRecord::match),
                if_none_match(&DeleteRecord::none_match)};
    }
};

Reply<NoContent> run(Context& context, const DeleteRecord& request) {
    CO_TRY(documents::Place place, request.at.in.resolve(context));
    documents::WriteOptions options;
    options.actor = context.actor();
    options.want_records = false;
    CO_TRY_VOID(co_await context.services.records.remove(std::move(place), request.at.id,
                                                         precondition_of(request.match, request.none_match),
                                                         std::move(options)));
    co_return NoContent();
}

}  // namespace

const Endpoint delete_record = Operation<DeleteRecord, NoContent>{
    .id = "deleteRecord",
    .method = http::Method::Delete,
    .path = "/v1/databases/{database}/collections/{collection}/records/{id}",
    .tag = "Records",
    .summary = "Delete a record",
    .description = "Deletes a record by its id.",
    .scope = Scope::DatabaseWrite,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::RECORD_NOT_FOUND,
               ErrorCode::PRECONDITION_FAILED, ErrorCode::PRECONDITION_REQUIRED},
    .run = run};

}  // namespace credvault::api
