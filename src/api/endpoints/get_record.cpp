#include <algorithm>

#include "api/endpoints.h"
#include "api/endpoints/paths.h"
#include "api/endpoints/shapes.h"
#include "api/headers.h"
#include "documents/records.h"

namespace credvault::api {
namespace {

struct GetRecord {
    RecordPath at;
    std::string_view selected;
    std::optional<EntityTags> match;

    static Fields fields() {
        return {include(&GetRecord::at), if_match(&GetRecord::match),
                query(&GetRecord::selected, "fields",
                      {.description = "Fields to return, separated by commas.",
                       .example = "id,name",
                       .max_length = 8192})};
    }
};

using Answered = Versioned<Raw<ProjectedRecordShape>>;

/// RFC 9110, section 13.1.1: strong comparison.
bool is_match(const EntityTags& tags, const std::string& etag) {
    return tags.any || std::any_of(tags.tags.begin(), tags.tags.end(),
                                   [&](const EntityTag& tag) { return !tag.weak && tag.text == etag; });
}

Result<Answered> answer_of(Result<documents::Found> found, const std::optional<EntityTags>& match) {
    if (!found.ok()) return std::move(found).error();
    if (match && !is_match(*match, documents::etag_text(found->revision))) {
        return Error(ErrorCode::PRECONDITION_FAILED, "The record has none of these ETags now", "If-Match");
    }
    return Answered{{std::move(found->record)}, documents::etag_text(found->revision)};
}

Reply<Answered> run_later(Reply<documents::Found> reply, const GetRecord& request) {
    Result<documents::Found> found = co_await std::move(reply);
    co_return answer_of(std::move(found), request.match);
}

Reply<Answered> run_projected(Context& context, const GetRecord& request) {
    CO_TRY(const documents::Place place, request.at.in.resolve(context));
    CO_TRY(const query::Projection projection, query::projection_of_fields(request.selected));
    Result<documents::Found> found = co_await context.services.records.get(place, request.at.id, projection);
    co_return answer_of(std::move(found), request.match);
}

/// The most frequent call of all: no coroutine frame where the answer is there at once.
Reply<Answered> run(Context& context, const GetRecord& request) {
    if (!request.selected.empty()) return run_projected(context, request);
    static const query::Projection whole;
    TRY(documents::Place place, request.at.in.resolve(context));
    Reply<documents::Found> reply = context.services.records.get(std::move(place), request.at.id, whole);
    if (reply.ready()) return answer_of(reply.take(), request.match);
    return run_later(std::move(reply), request);
}

}  // namespace

const Endpoint get_record = Operation<GetRecord, Answered>{
    .id = "getRecord",
    .method = http::Method::Get,
    .path = "/v1/databases/{database}/collections/{collection}/records/{id}",
    .tag = "Records",
    .summary = "Get a record",
    .description = "A record by its id, with its ETag.",
    .scope = Scope::DatabaseRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::RECORD_NOT_FOUND,
               ErrorCode::INVALID_PROJECTION, ErrorCode::PRECONDITION_FAILED},
    .run = run};

}  // namespace credvault::api
