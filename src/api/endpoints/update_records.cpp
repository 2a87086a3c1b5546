#include "api/endpoints.h"
#include "api/endpoints/update_shapes.h"
#include "base/clock.h"

namespace credvault::api {
namespace {

struct UpdateRecords {
    CollectionPath at;
    std::optional<IdempotencyKey> key;
    SelectionFields which;
    json::View update;
    std::optional<bool> upsert;
    std::optional<json::View> array_filters;

    static Fields fields() {
        using R = UpdateRecords;
        return {include(&R::at),
                idempotency_key(&R::key),
                include(&R::which),
                body(&R::update, "update",
                     {.description = "Update operators, or a whole replacement.",
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

using Updated = Resource<Raw<UpdateOutcomeShape>>;

Reply<Updated> run(Context& context, const UpdateRecords& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    CO_TRY(documents::Selection selection, request.which.selection());
    CO_TRY(query::Update update, query::Update::parse(request.update, request.array_filters));
    if (selection.multi && update.kind() == query::UpdateKind::Replacement) {
        co_return Error(ErrorCode::INVALID_UPDATE,
                        "A replacement is for one record; with 'multi' the update must be operators",
                        "update");
    }
    auto change =
        std::make_shared<const documents::UpdateChange>(std::move(update), selection.filter, now_ms());
    const documents::ReturnedRecord returned = request.which.returned;
    const auto text = [returned](const storage::WriteOutcome& outcome) {
        return documents::update_text(outcome, returned);
    };
    CO_TRY(KeyedWrite keyed, begin_keyed_write(context, request.key, text));
    documents::UpdateOptions options{context.actor(), returned, std::move(keyed.write)};
    CO_TRY(const storage::WriteOutcome outcome,
           co_await context.services.updates.update(std::move(place), std::move(selection), std::move(change),
                                                    request.upsert.value_or(false), std::move(options)));
    Raw<UpdateOutcomeShape> data{outcome.replayed ? outcome.answer : text(outcome)};
    co_return Updated{std::move(data)};
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
        "another call changed meanwhile so that it matches no longer is left alone.",
    .scope = Scope::DatabaseWrite,
    .rate = RateClass::Scan,
    .idempotency = Idempotency::Keyed,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INVALID_FILTER,
               ErrorCode::INVALID_SORT, ErrorCode::INVALID_UPDATE, ErrorCode::INVALID_RECORD,
               ErrorCode::IMMUTABLE_FIELD, ErrorCode::SCHEMA_VIOLATION, ErrorCode::INVALID_EXPRESSION,
               ErrorCode::UNSUPPORTED_OPERATOR, ErrorCode::ALREADY_EXISTS, ErrorCode::DUPLICATE_KEY,
               ErrorCode::WRITE_CONFLICT, ErrorCode::PRECONDITION_REQUIRED, ErrorCode::LIMIT_EXCEEDED,
               ErrorCode::QUERY_TIMEOUT, ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
