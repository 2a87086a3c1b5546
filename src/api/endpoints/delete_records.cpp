#include "api/endpoints.h"
#include "api/endpoints/change_job.h"
#include "api/endpoints/update_shapes.h"

namespace credvault::api {
namespace {

struct DeleteRecords {
    CollectionPath at;
    std::optional<IdempotencyKey> key;
    Prefer preference;
    SelectionFields which;
    std::optional<bool> all;

    static Fields fields() {
        using R = DeleteRecords;
        return {include(&R::at), idempotency_key(&R::key), prefer(&R::preference), include(&R::which),
                body(&R::all, "all",
                     {.description = "Must be true to delete all records with an empty filter and `multi`.",
                      .example = "false"})};
    }
};

using Deleted = DoneOrJob<Raw<DeleteOutcomeShape>, Raw<JobShape>>;

Reply<Deleted> delete_later(Context& context, const DeleteRecords& request, std::string database,
                            std::optional<storage::Idempotency> key) {
    documents::ChangeOrder order;
    order.database = std::move(database);
    order.collection = request.at.collection;
    order.filter = request.which.filter.text();
    CO_TRY(ChangeLater later,
           co_await change_later(context, request.at, "delete", std::move(order), std::move(key)));
    co_return later.as<DeleteOutcomeShape>();
}

Reply<Deleted> run(Context& context, const DeleteRecords& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    CO_TRY(auto searched, co_await context.services.updates.text_source(place, request.which.filter.text()));
    CO_TRY(documents::Selection selection, request.which.selection(std::move(searched)));
    if (request.which.returned == documents::ReturnedRecord::After) {
        co_return Error(ErrorCode::INVALID_PARAMETER,
                        "A deleted record can be returned as it was 'before', there is none after", "return");
    }
    if (selection.multi && selection.filter.matches_everything() && !request.all.value_or(false)) {
        co_return Error(ErrorCode::INVALID_PARAMETER,
                        "An empty filter deletes all records: say \"all\": true if that is meant", "all");
    }
    const documents::ReturnedRecord returned = request.which.returned;
    const auto answer = [returned](const storage::WriteOutcome& outcome) {
        StoredAnswer made;
        made.data = documents::removal_text(outcome, returned);
        return made;
    };
    const auto text = [answer](const storage::WriteOutcome& outcome) { return answer(outcome).text(); };
    CO_TRY(KeyedWrite keyed, begin_keyed_write(context, request.key, text));
    std::string database = place.database->stored_id();
    if (request.preference.async && selection.multi) {
        CO_TRY_VOID(co_await context.services.updates.check_guard(place, selection.filter));
        co_return co_await delete_later(context, request, std::move(database), std::move(keyed.write));
    }
    documents::UpdateOptions options{context.actor(), returned, keyed.write};
    const Result<storage::WriteOutcome> outcome =
        co_await context.services.updates.remove(std::move(place), std::move(selection), std::move(options));
    const bool by_job = outcome.ok() ? outcome->replayed && names_job(outcome->answer)
                                     : suits_job(request.which, outcome.error());
    if (by_job)
        co_return co_await delete_later(context, request, std::move(database), std::move(keyed.write));
    if (!outcome.ok()) co_return outcome.error();
    if (outcome->replayed) co_return done_from<DeleteOutcomeShape>(outcome->answer);
    co_return done_of<DeleteOutcomeShape>(answer(*outcome));
}

}  // namespace

const Endpoint delete_records = Operation<DeleteRecords, Deleted>{
    .id = "deleteRecords",
    .method = http::Method::Post,
    .path = "/v1/databases/{database}/collections/{collection}/delete",
    .tag = "Records",
    .summary = "Delete records by a filter",
    .description =
        "Deletes the first record that matches, or with `multi` all of them, all or nothing. More records "
        "than "
        "`updates.max_matched` are deleted by a job, in batches; with `multi`, `Prefer: respond-async` asks "
        "for a job "
        "with fewer, too.",
    .scope = Scope::DatabaseWrite,
    .rate = RateClass::Scan,
    .idempotency = Idempotency::Keyed,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INVALID_FILTER,
               ErrorCode::INVALID_SORT, ErrorCode::INVALID_EXPRESSION, ErrorCode::UNSUPPORTED_OPERATOR,
               ErrorCode::WRITE_CONFLICT, ErrorCode::PRECONDITION_REQUIRED, ErrorCode::LIMIT_EXCEEDED,
               ErrorCode::JOB_NOT_FOUND, ErrorCode::INVALID_RECORD, ErrorCode::QUERY_TIMEOUT,
               ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
