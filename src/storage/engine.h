// The store behind everything: databases of collections of records, with indexes. Engines answer at once or later
// (Reply); nothing above may assume either. What a call means is defined by query/ (filters, order, keys) and by
// record.h (the platform's fields), so that all engines give the same bytes for the same question.
//
// Calls come from threads with a current Executor, any number at once. Requests and sinks belong to the caller and must
// live until the reply is ready. Databases are named by opaque ids that the caller made ([a-z0-9_], 1 to 64); the
// database "system" always exists. An engine returns only the errors that a call declares, and any of
// STORAGE_UNAVAILABLE, STORAGE_FULL, DATABASE_DAMAGED, OVERLOADED, SHUTTING_DOWN, INTERNAL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reply.h"
#include "storage/changes.h"
#include "storage/quota.h"
#include "storage/read.h"
#include "storage/record_rules.h"
#include "storage/schema.h"
#include "storage/write.h"

namespace credvault::storage {

struct StoreHealth {
    std::string database;  ///< Its id.
    bool ready = true;
    std::string reason;  ///< Public; empty when ready.
};

/// Counters since start and gauges, for /metrics.
struct EngineMetrics {
    std::uint64_t commits = 0;
    std::uint64_t commit_failures = 0;
    std::uint64_t commit_operations = 0;  ///< Sum over the commits: group size on average.
    std::uint64_t commit_ns = 0;          ///< Sum.
    std::uint64_t cached_reads = 0;       ///< Answered by records kept in memory.
    std::uint64_t inline_reads = 0;
    std::uint64_t pool_reads = 0;
    std::uint64_t write_queue = 0;  ///< Waiting batches.
    std::uint64_t read_queue = 0;   ///< Waiting scans.
    std::uint64_t open_databases = 0;
    std::uint64_t checkpoints = 0;
    std::uint64_t cache_bytes = 0;
};

class Engine {
public:
    virtual ~Engine() = default;

    /// The ids of all databases there are, "system" left out, damaged ones included.
    virtual Reply<std::vector<std::string>> list_databases() = 0;
    /// Errors: ALREADY_EXISTS.
    virtual Reply<void> create_database(std::string_view database) = 0;
    /// Removes all it holds. Errors: DATABASE_NOT_FOUND.
    virtual Reply<void> drop_database(std::string_view database) = 0;
    /// Errors: DATABASE_NOT_FOUND.
    virtual Reply<DatabaseInfo> describe_database(std::string_view database) = 0;
    /// By name, ascending; with statistics. Errors: DATABASE_NOT_FOUND.
    virtual Reply<std::vector<CollectionInfo>> list_collections(std::string_view database) = 0;
    /// With statistics. Errors: DATABASE_NOT_FOUND, COLLECTION_NOT_FOUND.
    virtual Reply<CollectionInfo> describe_collection(std::string_view database,
                                                      std::string_view collection) = 0;

    /// Gives the record to the sink; false where there is none with this id. Errors: DATABASE_NOT_FOUND,
    /// COLLECTION_NOT_FOUND.
    virtual Reply<bool> get(const RecordKey& key, RowSink& sink) = 0;
    /// Errors: DATABASE_NOT_FOUND, COLLECTION_NOT_FOUND, QUERY_TIMEOUT, INVALID_EXPRESSION, QUERY_TOO_LARGE (its
    /// message names the index that would help).
    virtual Reply<FindResult> find(const FindRequest& request, RowSink& sink) = 0;
    /// The same errors.
    virtual Reply<CountResult> count(const CountRequest& request) = 0;

    /// Applies a batch, all of it or nothing, and answers when it is durable. Errors: DATABASE_NOT_FOUND,
    /// COLLECTION_NOT_FOUND, RECORD_NOT_FOUND, INDEX_NOT_FOUND, ALREADY_EXISTS, DUPLICATE_KEY, PRECONDITION_FAILED,
    /// INVALID_RECORD, SCHEMA_VIOLATION, INVALID_INDEX, INVALID_PATCH, INVALID_UPDATE, IMMUTABLE_FIELD,
    /// PAYLOAD_TOO_LARGE, LIMIT_EXCEEDED, QUOTA_EXCEEDED, QUERY_TOO_LARGE, QUERY_TIMEOUT, WRITE_CONFLICT,
    /// INVALID_EXPRESSION, INVALID_PIPELINE, IDEMPOTENCY_KEY_REUSED. Where the batch has several operations, the
    /// error's `field` begins with the position of the failing one: "3" or "3.email".
    virtual Reply<WriteOutcome> write(const WriteBatch& batch) = 0;

    /// A page of the change log. Errors: DATABASE_NOT_FOUND, INVALID_CURSOR (a position beyond the log's end),
    /// CHANGES_GONE (changes behind the position are no longer kept).
    virtual Reply<ChangesPage> changes(const ChangesRequest& request) = 0;
    /// What collections demand of their records; null: nothing. Set before the first write, lives until stop().
    virtual void set_record_rules(const RecordRules* rules) = 0;
    /// Who counts what databases hold; null: nobody. Set before the first database of users is opened, lives until
    /// stop(). The database "system" is never asked about.
    virtual void set_quotas(Quotas* quotas) = 0;
    /// One for all databases, or null for none; it lives until stop(). Costs nothing while there is none.
    virtual void set_commit_listener(CommitListener* listener) = 0;
    /// Asks that changes behind the position be kept beyond the usual bounds, as far as the configuration allows;
    /// nothing: no longer. Forgotten when the database is closed, so say it again from time to time.
    virtual void hold_changes(std::string_view database, std::optional<std::uint64_t> position) = 0;

    /// The stores that are open or known to be broken.
    virtual std::vector<StoreHealth> health() const = 0;
    virtual EngineMetrics metrics() const = 0;
    /// Refuses new work, finishes what is queued and leaves everything durable and tidy. Call once, from any thread,
    /// when no reply is awaited any more.
    virtual void stop() = 0;
};

}  // namespace credvault::storage
