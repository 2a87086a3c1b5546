#include "api/endpoints.h"
#include "api/endpoints/shapes.h"
#include "api/endpoints/written.h"

namespace credvault::api {
namespace {

struct PatchRecord {
    RecordPath at;
    std::optional<EntityTags> match;
    std::optional<EntityTags> none_match;
    Prefer preference;
    std::string_view type;
    Raw<AnyOf<AnyObject, std::vector<AnyObject>>> patch;

    static Fields fields() {
        return {include(&PatchRecord::at),
                if_match(&PatchRecord::match),
                if_none_match(&PatchRecord::none_match),
                prefer(&PatchRecord::preference),
                media_type(&PatchRecord::type),
                document(&PatchRecord::patch,
                         {.description =
                              "By its type: a merge patch (RFC 7396), a JSON patch (RFC 6902), or with "
                              "`application/json` update operators (all names begin with `$`) or a merge "
                              "(none does).",
                          .example = R"({"age":37,"nickname":null})",
                          .json = JsonKind::ObjectOrArray})};
    }
};

documents::PatchKind kind_of(std::string_view media_type) {
    if (media_type == "application/json-patch+json") return documents::PatchKind::JsonPatch;
    if (media_type == "application/merge-patch+json") return documents::PatchKind::Merge;
    return documents::PatchKind::OperatorsOrMerge;
}

using Answered = Versioned<Raw<ProjectedRecordShape>>;

Reply<Answered> run(Context& context, const PatchRecord& request) {
    CO_TRY(documents::Place place, request.at.in.resolve(context));
    CO_TRY(storage::WriteOutcome outcome,
           co_await context.services.records.patch(std::move(place), request.at.id, kind_of(request.type),
                                                   context.body,
                                                   precondition_of(request.match, request.none_match),
                                                   write_options(context, request.preference)));
    auto saved =
        answer_of_save<ProjectedRecordShape>(request.at, std::move(outcome), request.preference.minimal);
    co_return Answered{std::move(saved.value), std::move(saved.etag), std::move(saved.violations)};
}

}  // namespace

const Endpoint patch_record = Operation<PatchRecord, Answered>{
    .id = "patchRecord",
    .method = http::Method::Patch,
    .path = "/v1/databases/{database}/collections/{collection}/records/{id}",
    .tag = "Records",
    .summary = "Change a record",
    .description =
        "Changes some of a record's fields, all or nothing. A patch that changes nothing writes nothing.",
    .scope = Scope::DatabaseWrite,
    .rate = RateClass::Standard,
    .consumes = {"application/json", "application/merge-patch+json", "application/json-patch+json"},
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::QUOTA_EXCEEDED,
               ErrorCode::RECORD_NOT_FOUND, ErrorCode::INVALID_RECORD, ErrorCode::INVALID_PATCH,
               ErrorCode::IMMUTABLE_FIELD, ErrorCode::SCHEMA_VIOLATION, ErrorCode::INVALID_UPDATE,
               ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION, ErrorCode::UNSUPPORTED_OPERATOR,
               ErrorCode::DUPLICATE_KEY, ErrorCode::PRECONDITION_FAILED, ErrorCode::PRECONDITION_REQUIRED},
    .run = run};

}  // namespace credvault::api
