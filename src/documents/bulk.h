// Lists of operations: a bulk on one collection, whose operations succeed or fail each for itself or all together, and
// a transaction over collections with preconditions, all or nothing. Thread-safe, no state of its own. What is passed
// by view lives as long as the request.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/reply.h"
#include "documents/operation_list.h"
#include "documents/place.h"
#include "documents/updates.h"
#include "storage/engine.h"

namespace credvault::documents {

struct BulkOptions {
    std::string_view actor;
    bool may_set_times = false;
    bool ordered = true;  ///< Stop at the first failure.
    bool atomic = false;  ///< Nothing happens unless everything does.
    std::optional<storage::Idempotency> idempotency;
};

class Bulk {
public:
    /// Both must outlive the service.
    Bulk(storage::Engine& engine, Updates& updates) : engine_(engine), updates_(updates) {}

    /// Runs an array of operations on one collection. The answer is the canonical `data`: counts, and a result for each
    /// operation. Fails where the operations' form is wrong, where the collection does not exist, and, atomic, as the
    /// first failing operation does; `field` begins with "operations.3".
    Reply<std::string> run(Place place, json::View operations, BulkOptions options);
    /// Runs an array of operations, each on the collection that it names, after the preconditions. Fails as the first
    /// that fails does; `field` begins with "operations.3" or "preconditions.0".
    Reply<std::string> transact(DatabaseRef database, json::View operations,
                                std::optional<json::View> preconditions, BulkOptions options);

private:
    struct Run;

    Reply<std::string> run_whole(Run& run, std::size_t preconditions);
    Reply<std::string> run_each(Run& run);
    Reply<std::string> run_chunk(Run& run, std::size_t begin, std::size_t end);
    Reply<std::string> run_alone(Run& run, std::size_t position);
    Reply<SearchedTexts> searched_texts(const DatabaseRef& database, json::View operations,
                                        std::string_view collection);
    Reply<void> check_guards(const Run& run, std::string_view name, std::size_t preconditions);

    storage::Engine& engine_;
    Updates& updates_;
};

}  // namespace credvault::documents
