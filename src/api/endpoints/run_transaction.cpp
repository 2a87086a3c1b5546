#include "api/endpoints.h"
#include "api/endpoints/update_shapes.h"
#include "documents/bulk.h"

namespace credvault::api {
namespace {

struct RunTransaction {
    DatabasePath in;
    std::optional<IdempotencyKey> key;
    std::optional<json::View> preconditions;
    json::View operations;

    static Fields fields() {
        using R = RunTransaction;
        return {
            include(&R::in), idempotency_key(&R::key),
            body(&R::preconditions, "preconditions",
                 {.description =
                      "What must hold before: `{collection, id, if_version, if_exists, if_matches}`, or "
                      "`{collection, filter, if_exists}` about whether any record matches.",
                  .example = R"([{"collection":"accounts","id":"a","if_matches":{"balance":{"$gte":10}}}])",
                  .json = JsonKind::Array}),
            body(&R::operations, "operations",
                 {.description =
                      "The operations of a bulk, and `{\"check\": …}` with a precondition; each names its "
                      "`collection`. They see what those before them did.",
                  .example =
                      R"([{"collection":"accounts","update":{"id":"a","update":{"$inc":{"balance":-10}}}}])",
                  .required = true,
                  .json = JsonKind::Array})};
    }
};

using Done = Resource<Raw<BulkOutcomeShape>>;

Reply<Done> run(Context& context, const RunTransaction& request) {
    CO_TRY(documents::DatabaseRef database, request.in.resolve(context));
    CO_TRY(KeyedWrite keyed, begin_keyed_write(context, request.key, {}));
    documents::BulkOptions options;
    options.actor = context.actor();
    options.may_set_times = context.principal.scopes.has(Scope::DatabaseManage);
    options.atomic = true;
    options.idempotency = std::move(keyed.write);
    CO_TRY(std::string text,
           co_await context.services.bulk.transact(std::move(database), request.operations,
                                                   request.preconditions, std::move(options)));
    Raw<BulkOutcomeShape> data{std::move(text)};
    co_return Done{std::move(data)};
}

}  // namespace

const Endpoint run_transaction = Operation<RunTransaction, Done>{
    .id = "runTransaction",
    .method = http::Method::Post,
    .path = "/v1/databases/{database}/transactions",
    .tag = "Databases",
    .summary = "Run a transaction",
    .description =
        "Runs operations on several collections, all or nothing, isolated from all other writes. Where a "
        "precondition or an operation fails, nothing happens and the answer says which.",
    .scope = Scope::DatabaseWrite,
    .rate = RateClass::Scan,
    .idempotency = Idempotency::Keyed,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::RECORD_NOT_FOUND,
               ErrorCode::INVALID_FILTER, ErrorCode::INVALID_SORT, ErrorCode::INVALID_UPDATE,
               ErrorCode::INVALID_RECORD, ErrorCode::IMMUTABLE_FIELD, ErrorCode::SCHEMA_VIOLATION,
               ErrorCode::INVALID_EXPRESSION, ErrorCode::UNSUPPORTED_OPERATOR, ErrorCode::ALREADY_EXISTS,
               ErrorCode::DUPLICATE_KEY, ErrorCode::PRECONDITION_FAILED, ErrorCode::PRECONDITION_REQUIRED,
               ErrorCode::LIMIT_EXCEEDED, ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
