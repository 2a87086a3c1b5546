// What an engine can be told to change. A batch is atomic, isolated and durable when it is answered; its operations
// apply in their order and see each other. Record operations are logged in the database's change log in the same
// transaction. The engine stamps the platform's fields (record.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "json/view.h"
#include "storage/read.h"
#include "storage/schema.h"

namespace credvault::storage {

/// What must hold of the stored record. Several conditions must all hold; else PRECONDITION_FAILED.
struct Precondition {
    std::optional<std::vector<Revision>> if_match;  ///< The record exists and has one of these revisions.
    bool if_exists = false;                         ///< If-Match: *
    bool if_absent = false;                         ///< If-None-Match: *
    std::vector<Revision> if_none_match;            ///< The record has none of these revisions.
};

/// Computes a record's new content from its current one. Called on a writer's thread, perhaps more than once (a group
/// may be replayed); must not block.
class RecordChange {
public:
    virtual ~RecordChange() = default;
    /// Takes the whole record, returns the canonical text of an object; the platform's fields in it are ignored.
    virtual Result<std::string> apply(const json::View& current) const = 0;
};

struct InsertRecord {
    std::string_view collection;
    std::string_view
        record;  ///< Canonical object. `id` is kept where it is there (a checked one), else a ULID is made.
    bool keep_times = false;  ///< Keep valid created_at and updated_at.
};

/// Replaces, or inserts where there is none and `create` is set; RECORD_NOT_FOUND otherwise.
struct PutRecord {
    std::string_view collection;
    std::string_view id;
    std::string_view record;  ///< Canonical object; the platform's fields in it are ignored.
    bool create = false;
    Precondition precondition;
};

struct ModifyRecord {
    std::string_view collection;
    std::string_view id;
    const RecordChange* change = nullptr;
    Precondition precondition;
};

struct RemoveRecord {
    std::string_view collection;
    std::string_view id;
    Precondition precondition;
};

struct CreateCollection {
    std::string_view name;
    std::string_view options = "{}";
};

struct AlterCollection {
    std::string_view name;
    std::string_view options;
};

struct DropCollection {
    std::string_view name;
};

/// The index is registered in the batch and built in the background.
struct CreateIndex {
    std::string_view collection;
    IndexSpec spec;
};

struct DropIndex {
    std::string_view collection;
    std::string_view name;
};

using Operation = std::variant<InsertRecord, PutRecord, ModifyRecord, RemoveRecord, CreateCollection,
                               AlterCollection, DropCollection, CreateIndex, DropIndex>;

enum class Effect : std::uint8_t { Created, Changed, Unchanged, Removed };

struct OperationOutcome {
    Effect effect = Effect::Created;
    std::string id;            ///< Of the record; empty for collections and indexes.
    Revision revision;         ///< Of the record afterwards (before, where removed).
    std::string record;        ///< The record afterwards, where the batch wants records; empty where removed.
    std::string warning = {};  ///< Of the collection's rule (record_rules.h).
};

struct WriteOutcome {
    std::vector<OperationOutcome> operations;
    std::int64_t time_ms = 0;  ///< Stamped on everything the batch wrote.
    bool replayed =
        false;  ///< The idempotency key had been used: nothing was written, `answer` is the first answer.
    std::string answer;  ///< With an idempotency key: what `answer` made, now or the first time.
};

/// Makes a batch happen once. Kept with the batch, in the same transaction, until it expires.
struct Idempotency {
    std::string key;          ///< Credential, operation and key, joined by the caller; at most 1 KiB.
    std::string fingerprint;  ///< Of the request; another one under the same key is IDEMPOTENCY_KEY_REUSED.
    std::int64_t expires_ms = 0;
    std::function<std::string(const WriteOutcome&)>
        answer;  ///< On a writer's thread, perhaps more than once.
};

struct WriteBatch {
    std::string_view database;
    std::vector<Operation> operations;  ///< 1 to 10,000.
    std::string_view actor;             ///< Who writes, for the change log: a key's or user's id.
    bool want_records = false;          ///< Fill OperationOutcome::record.
    std::optional<Idempotency> idempotency;
};

constexpr std::size_t max_batch_operations = 10'000;

}  // namespace credvault::storage
