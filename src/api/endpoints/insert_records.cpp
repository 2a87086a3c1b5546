#include "api/endpoints.h"
#include "api/endpoints/shapes.h"
#include "api/endpoints/written.h"

namespace credvault::api {
namespace {

/// A record to insert, for the document: what a client may set.
struct NewRecordShape {
    std::optional<std::string> id;

    static constexpr std::string_view schema_name = "NewRecord";
    static constexpr std::string_view schema_description =
        "A record without the fields that the platform sets.";
    static constexpr bool open = true;
    static Fields fields() {
        return {body(&NewRecordShape::id, "id",
                     {.description = "Unique in the collection; made where it is left out.",
                      .example = "ada",
                      .min_length = 1,
                      .max_length = 128})};
    }
};

using Inserted =
    AnyOf<RecordShape, std::vector<RecordShape>, ProjectedRecordShape, std::vector<ProjectedRecordShape>>;

struct InsertRecords {
    CollectionPath at;
    Prefer preference;
    std::optional<IdempotencyKey> key;
    Raw<AnyOf<NewRecordShape, std::vector<NewRecordShape>>> records;

    static Fields fields() {
        return {include(&InsertRecords::at), prefer(&InsertRecords::preference),
                idempotency_key(&InsertRecords::key),
                document(&InsertRecords::records,
                         {.description = "A record, or an array of up to 10,000 of them: all or nothing.",
                          .example = R"({"name":"Ada","age":36})",
                          .json = JsonKind::ObjectOrArray})};
    }
};

Reply<Created<Raw<Inserted>>> run(Context& context, const InsertRecords& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    const bool array = json::View(context.body).is_array();
    const bool minimal = request.preference.minimal;
    CO_TRY(KeyedWrite keyed,
           begin_keyed_write(context, request.key, [&](const storage::WriteOutcome& outcome) {
               return answer_of_insert(request.at, outcome, array, minimal).text();
           }));
    documents::WriteOptions options = write_options(context, request.preference);
    options.may_set_times = context.principal.scopes.has(Scope::DatabaseManage);
    options.idempotency = std::move(keyed.write);
    CO_TRY(const storage::WriteOutcome outcome,
           co_await context.services.records.insert(std::move(place), context.body, std::move(options)));
    if (outcome.replayed) co_return created_from<Inserted>(outcome.answer);
    co_return created_of<Inserted>(answer_of_insert(request.at, outcome, array, minimal));
}

}  // namespace

const Endpoint insert_records = Operation<InsertRecords, Created<Raw<Inserted>>>{
    .id = "insertRecords",
    .method = http::Method::Post,
    .path = "/v1/databases/{database}/collections/{collection}/records",
    .tag = "Records",
    .summary = "Insert a record or an array of records",
    .description = "An array is inserted whole or not at all. The answer comes when the records are on disk.",
    .scope = Scope::DatabaseWrite,
    .rate = RateClass::Standard,
    .idempotency = Idempotency::Keyed,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::QUOTA_EXCEEDED,
               ErrorCode::INVALID_RECORD, ErrorCode::IMMUTABLE_FIELD, ErrorCode::SCHEMA_VIOLATION,
               ErrorCode::ALREADY_EXISTS, ErrorCode::DUPLICATE_KEY, ErrorCode::LIMIT_EXCEEDED},
    .run = run};

}  // namespace credvault::api
