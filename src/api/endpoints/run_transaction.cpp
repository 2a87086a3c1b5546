#include "api/endpoints.h"
#include "api/endpoints/operation_lists.h"

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

Reply<OperationsDone> run(Context& context, const RunTransaction& request) {
    CO_TRY(documents::DatabaseRef database, request.in.resolve(context));
    CO_TRY(KeyedWrite keyed, begin_keyed_write(context, request.key, {}));
    documents::BulkOptions options = bulk_options(context, keyed);
    options.atomic = true;
    CO_TRY(std::string text,
           co_await context.services.bulk.transact(std::move(database), request.operations,
                                                   request.preconditions, std::move(options)));
    co_return operations_done(std::move(text));
}

}  // namespace

const Endpoint run_transaction = Operation<RunTransaction, OperationsDone>{
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
    .errors = errors_of_operations(),
    .run = run};

}  // namespace credvault::api
