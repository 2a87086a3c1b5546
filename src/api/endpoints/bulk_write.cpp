#include "api/endpoints.h"
#include "api/endpoints/operation_lists.h"

namespace credvault::api {
namespace {

struct BulkWrite {
    CollectionPath at;
    std::optional<IdempotencyKey> key;
    json::View operations;
    std::optional<bool> ordered;
    std::optional<bool> atomic;

    static Fields fields() {
        using R = BulkWrite;
        return {
            include(&R::at), idempotency_key(&R::key),
            body(
                &R::operations, "operations",
                {.description =
                     "Up to 10,000 of `{\"insert\": record}`, `{\"update\": {filter or id, update, multi, "
                     "upsert, array_filters, sort}}`, `{\"replace\": {filter or id, record, upsert}}`, "
                     "`{\"delete\": {filter or id, multi}}`. With an id also `if_version`, `if_exists`, "
                     "`if_matches`.",
                 .example =
                     R"([{"insert":{"id":"ada","age":36}},{"delete":{"filter":{"age":{"$lt":18}},"multi":true}}])",
                 .required = true,
                 .json = JsonKind::Array}),
            body(&R::ordered, "ordered",
                 {.description =
                      "Whether to stop at the first operation that fails (the default) or to go on.",
                  .example = "true"}),
            body(&R::atomic, "atomic",
                 {.description = "All or nothing: the first failure fails the call, and nothing happens.",
                  .example = "false"})};
    }
};

Reply<OperationsDone> run(Context& context, const BulkWrite& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    CO_TRY(KeyedWrite keyed, begin_keyed_write(context, request.key, {}));
    documents::BulkOptions options = bulk_options(context, keyed);
    options.ordered = request.ordered.value_or(true);
    options.atomic = request.atomic.value_or(false);
    CO_TRY(std::string text,
           co_await context.services.bulk.run(std::move(place), request.operations, std::move(options)));
    co_return operations_done(std::move(text));
}

}  // namespace

const Endpoint bulk_write = Operation<BulkWrite, OperationsDone>{
    .id = "bulkWrite",
    .method = http::Method::Post,
    .path = "/v1/databases/{database}/collections/{collection}/bulk",
    .tag = "Records",
    .summary = "Run many writes at once",
    .description =
        "Runs operations in their order and answers a result for each. Those that fail do so alone, unless "
        "`atomic` is set.",
    .scope = Scope::DatabaseWrite,
    .rate = RateClass::Scan,
    .idempotency = Idempotency::Keyed,
    .errors = errors_of_operations(),
    .run = run};

}  // namespace credvault::api
