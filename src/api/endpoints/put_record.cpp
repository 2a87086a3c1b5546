#include "api/endpoints.h"
#include "api/endpoints/shapes.h"
#include "api/endpoints/written.h"

namespace credvault::api {
namespace {

struct PutRecord {
    RecordPath at;
    std::optional<EntityTags> match;
    std::optional<EntityTags> none_match;
    Prefer preference;
    Raw<ProjectedRecordShape> record;

    static Fields fields() {
        return {include(&PutRecord::at), if_match(&PutRecord::match), if_none_match(&PutRecord::none_match),
                prefer(&PutRecord::preference),
                document(&PutRecord::record,
                         {.description =
                              "The record's new content. The platform's fields in it are ignored; an `id` "
                              "must be the one in the path.",
                          .example = R"({"name":"Ada","age":37})",
                          .json = JsonKind::Object})};
    }
};

using Answered = Saved<Raw<ProjectedRecordShape>>;

Reply<Answered> run(Context& context, const PutRecord& request) {
    CO_TRY(documents::Place place, request.at.in.resolve(context));
    CO_TRY(storage::WriteOutcome outcome,
           co_await context.services.records.put(std::move(place), request.at.id, context.body,
                                                 precondition_of(request.match, request.none_match),
                                                 write_options(context, request.preference)));
    co_return answer_of_save<ProjectedRecordShape>(request.at, std::move(outcome),
                                                   request.preference.minimal);
}

}  // namespace

const Endpoint put_record = Operation<PutRecord, Answered>{
    .id = "putRecord",
    .method = http::Method::Put,
    .path = "/v1/databases/{database}/collections/{collection}/records/{id}",
    .tag = "Records",
    .summary = "Replace a record",
    .description =
        "Replaces all of a record's own fields. With `If-None-Match: *` it creates the record, and fails "
        "where there is one.",
    .scope = Scope::DatabaseWrite,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::QUOTA_EXCEEDED,
               ErrorCode::RECORD_NOT_FOUND, ErrorCode::INVALID_RECORD, ErrorCode::IMMUTABLE_FIELD,
               ErrorCode::SCHEMA_VIOLATION, ErrorCode::DUPLICATE_KEY, ErrorCode::PRECONDITION_FAILED,
               ErrorCode::PRECONDITION_REQUIRED},
    .run = run};

}  // namespace credvault::api
