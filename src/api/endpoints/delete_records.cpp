#include "api/endpoints.h"
#include "api/endpoints/update_shapes.h"

namespace credvault::api {
namespace {

struct DeleteRecords {
    CollectionPath at;
    std::optional<IdempotencyKey> key;
    SelectionFields which;
    std::optional<bool> all;

    static Fields fields() {
        using R = DeleteRecords;
        return {include(&R::at), idempotency_key(&R::key), include(&R::which),
                body(&R::all, "all",
                     {.description = "Must be true to delete all records with an empty filter and `multi`.",
                      .example = "false"})};
    }
};

using Deleted = Resource<Raw<DeleteOutcomeShape>>;

Reply<Deleted> run(Context& context, const DeleteRecords& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    CO_TRY(documents::Selection selection, request.which.selection());
    if (request.which.returned == documents::ReturnedRecord::After) {
        co_return Error(ErrorCode::INVALID_PARAMETER,
                        "A deleted record can be returned as it was 'before', there is none after", "return");
    }
    if (selection.multi && selection.filter.matches_everything() && !request.all.value_or(false)) {
        co_return Error(ErrorCode::INVALID_PARAMETER,
                        "An empty filter deletes all records: say \"all\": true if that is meant", "all");
    }
    const documents::ReturnedRecord returned = request.which.returned;
    const auto text = [returned](const storage::WriteOutcome& outcome) {
        return documents::removal_text(outcome, returned);
    };
    CO_TRY(KeyedWrite keyed, begin_keyed_write(context, request.key, text));
    documents::UpdateOptions options{context.actor(), returned, std::move(keyed.write)};
    CO_TRY(
        const storage::WriteOutcome outcome,
        co_await context.services.updates.remove(std::move(place), std::move(selection), std::move(options)));
    Raw<DeleteOutcomeShape> data{outcome.replayed ? outcome.answer : text(outcome)};
    co_return Deleted{std::move(data)};
}

}  // namespace

const Endpoint delete_records = Operation<DeleteRecords, Deleted>{
    .id = "deleteRecords",
    .method = http::Method::Post,
    .path = "/v1/databases/{database}/collections/{collection}/delete",
    .tag = "Records",
    .summary = "Delete records by a filter",
    .description = "Deletes the first record that matches, or with `multi` all of them, all or nothing.",
    .scope = Scope::DatabaseWrite,
    .rate = RateClass::Scan,
    .idempotency = Idempotency::Keyed,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INVALID_FILTER,
               ErrorCode::INVALID_SORT, ErrorCode::INVALID_EXPRESSION, ErrorCode::UNSUPPORTED_OPERATOR,
               ErrorCode::WRITE_CONFLICT, ErrorCode::PRECONDITION_REQUIRED, ErrorCode::LIMIT_EXCEEDED,
               ErrorCode::QUERY_TIMEOUT, ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
