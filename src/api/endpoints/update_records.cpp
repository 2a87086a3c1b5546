#include "api/endpoints.h"
#include "api/endpoints/change_job.h"
#include "api/endpoints/job_shapes.h"
#include "api/endpoints/update_shapes.h"
#include "api/endpoints/written.h"
#include "base/clock.h"

namespace credvault::api {
namespace {

struct UpdateRecords {
    CollectionPath at;
    std::optional<IdempotencyKey> key;
    Prefer preference;
    SelectionFields which;
    json::View update;
    std::optional<bool> upsert;
    std::optional<json::View> array_filters;

    static Fields fields() {
        using R = UpdateRecords;
        return {
            include(&R::at),
            idempotency_key(&R::key),
            prefer(&R::preference),
            include(&R::which),
            body(&R::update, "update",
                 {.description = "Update operators, a pipeline (an array of `$set`, `$unset`, `$project`, "
                                 "`$replaceWith`), or a whole replacement.",
                  .example = R"({"$set":{"status":"running"},"$inc":{"tries":1}})",
                  .required = true}),
            body(&R::upsert, "upsert",
                 {.description = "Insert a record where none matches.", .example = "false"}),
            body(&R::array_filters, "array_filters",
                 {.description = "Which array elements `$[name]` in a path means.",
                  .example = R"([{"item.qty":{"$gt":5}}])",
                  .json = JsonKind::Array})};
    }
};

using Updated = DoneOrJob<Raw<UpdateOutcomeShape>, Raw<JobShape>>;

Reply<Updated> update_later(Context& context, const UpdateRecords& request, std::string database,
                            std::optional<storage::Idempotency> key) {
    documents::ChangeOrder order;
    order.database = std::move(database);
    order.collection = request.at.collection;
    order.filter = request.which.filter.text();
    order.update = request.update.text();
    if (request.array_filters) order.array_filters = request.array_filters->text();
    order.now_ms = now_ms();
    CO_TRY(ChangeLater later,
           co_await change_later(context, request.at, "update", std::move(order), std::move(key)));
    co_return later.as<UpdateOutcomeShape>();
}

Reply<Updated> run(Context& context, const UpdateRecords& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    CO_TRY(auto searched, co_await context.services.updates.text_source(place, request.which.filter.text()));
    CO_TRY(documents::Selection selection, request.which.selection(std::move(searched)));
    CO_TRY(query::Update update, query::Update::parse(request.update, request.array_filters));
    if (selection.multi && update.kind() == query::UpdateKind::Replacement) {
        co_return Error(
            ErrorCode::INVALID_UPDATE,
            "A replacement is for one record; with 'multi' the update must be operators or a pipeline",
            "update");
    }
    const bool upsert = request.upsert.value_or(false);
    const bool at_once = !request.preference.async || !selection.multi || upsert;
    auto change =
        std::make_shared<const documents::UpdateChange>(std::move(update), selection.filter, now_ms());
    const documents::ReturnedRecord returned = request.which.returned;
    const auto answer = [returned](const storage::WriteOutcome& outcome) {
        StoredAnswer made;
        made.data = documents::update_text(outcome, returned);
        made.violations = violations_of(outcome);
        return made;
    };
    const auto text = [answer](const storage::WriteOutcome& outcome) { return answer(outcome).text(); };
    CO_TRY(KeyedWrite keyed, begin_keyed_write(context, request.key, text));
    std::string database = place.database->stored_id();
    if (!at_once) {
        CO_TRY_VOID(co_await context.services.updates.check_guard(place, selection.filter));
        co_return co_await update_later(context, request, std::move(database), std::move(keyed.write));
    }
    documents::UpdateOptions options{context.actor(), returned, keyed.write};
    const Result<storage::WriteOutcome> outcome = co_await context.services.updates.update(
        std::move(place), std::move(selection), std::move(change), upsert, std::move(options));
    const bool by_job = outcome.ok() ? outcome->replayed && names_job(outcome->answer)
                                     : suits_job(request.which, outcome.error());
    if (by_job)
        co_return co_await update_later(context, request, std::move(database), std::move(keyed.write));
    if (!outcome.ok()) co_return outcome.error();
    if (outcome->replayed) co_return done_from<UpdateOutcomeShape>(outcome->answer);
    co_return done_of<UpdateOutcomeShape>(answer(*outcome));
}

}  // namespace

const Endpoint update_records = Operation<UpdateRecords, Updated>{
    .id = "updateRecords",
    .method = http::Method::Post,
    .path = "/v1/databases/{database}/collections/{collection}/update",
    .tag = "Records",
    .summary = "Update records by a filter",
    .description =
        "Updates the first record that matches, or with `multi` all of them, all or nothing. A record that "
        "another call changed meanwhile so that it matches no longer is left alone. More records than "
        "`updates.max_matched` are updated by a job, in batches; `Prefer: respond-async` asks for a job with "
        "fewer, "
        "too, where there is `multi` and no `upsert`.",
    .scope = Scope::DatabaseWrite,
    .rate = RateClass::Scan,
    .idempotency = Idempotency::Keyed,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND,
               ErrorCode::QUOTA_EXCEEDED,     ErrorCode::INVALID_FILTER,
               ErrorCode::INVALID_SORT,       ErrorCode::INVALID_UPDATE,
               ErrorCode::INVALID_RECORD,     ErrorCode::IMMUTABLE_FIELD,
               ErrorCode::SCHEMA_VIOLATION,   ErrorCode::INVALID_EXPRESSION,
               ErrorCode::INVALID_PIPELINE,   ErrorCode::UNSUPPORTED_OPERATOR,
               ErrorCode::ALREADY_EXISTS,     ErrorCode::DUPLICATE_KEY,
               ErrorCode::WRITE_CONFLICT,     ErrorCode::PRECONDITION_REQUIRED,
               ErrorCode::LIMIT_EXCEEDED,     ErrorCode::JOB_NOT_FOUND,
               ErrorCode::QUERY_TIMEOUT,      ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
