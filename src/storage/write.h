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

/// What must hold of the stored record. Several conditions must all hold; else PRECONDITION_FAILED. Filters belong to
/// the caller.
struct Precondition {
    std::optional<std::vector<Revision>> if_match;  ///< The record exists and has one of these revisions.
    bool if_exists = false;                         ///< If-Match: *
    bool if_absent = false;                         ///< If-None-Match: *
    std::vector<Revision> if_none_match;            ///< The record has none of these revisions.
    std::optional<std::uint64_t> if_version = {};   ///< The record exists and its _version is this.
    const query::Filter* if_matches = nullptr;      ///< The record exists and matches.
};

/// A filter that found the record before, asked again when the operation is applied. The filter belongs to the caller.
struct Guard {
    const query::Filter* filter = nullptr;  ///< None: no guard.
    bool required =
        false;  ///< A record that is gone or matches no longer is WRITE_CONFLICT, else Effect::Skipped.
};

/// Computes a record's new content from its current one. Called on a writer's thread, perhaps more than once (a group
/// may be replayed); must not block.
class RecordChange {
public:
    virtual ~RecordChange() = default;
    /// Takes the whole record, returns the canonical text of an object; the platform's fields in it are ignored.
    virtual Result<std::string> apply(const json::View& current) const = 0;
    /// What to insert where no record is found (ModifyMatches::upsert): the canonical text of an object whose `id`, if
    /// any, is a checked one.
    virtual Result<std::string> insertion() const {
        return Error(ErrorCode::INTERNAL, {}, {}, "this change inserts nothing");
    }
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
    Guard guard = {};
};

struct RemoveRecord {
    std::string_view collection;
    std::string_view id;
    Precondition precondition;
    Guard guard = {};
};

/// Finds records as the batch has left them so far and changes each. The finding counts against
/// WriteBatch::max_examined, so that it suits selective filters.
struct ModifyMatches {
    std::string_view collection;
    query::Filter filter;
    query::Sort sort;         ///< Which record comes first, where there is a limit.
    std::uint64_t limit = 1;  ///< 1, or no_limit: all, in the order of their ids.
    const RecordChange* change = nullptr;
    bool upsert = false;  ///< Insert where nothing matches.
};

/// The same, removing them.
struct RemoveMatches {
    std::string_view collection;
    query::Filter filter;
    query::Sort sort;
    std::uint64_t limit = 1;
};

/// Changes nothing; PRECONDITION_FAILED where the condition does not hold.
struct CheckRecord {
    std::string_view collection;
    std::string_view id;
    Precondition precondition;
};

/// The same, about whether any record matches, or whether fewer than a number of them do (which counts against
/// WriteBatch::max_examined).
struct CheckMatches {
    std::string_view collection;
    query::Filter filter;
    bool exists = true;
    std::uint64_t fewer_than =
        0;  ///< Where positive, asked instead of `exists`; at most WriteBatch::max_matched.
    const Error* otherwise = nullptr;  ///< What it fails with; none: PRECONDITION_FAILED.
};

struct CreateCollection {
    std::string_view name;  ///< May be a hidden one.
    std::string_view options = "{}";
};

struct AlterCollection {
    std::string_view name;
    std::string_view options;
};

struct DropCollection {
    std::string_view name;
};

/// Gives a hidden collection (hidden.h) a name that everyone sees. What had the name before is dropped with all it
/// holds, so that readers see the one or the other. Logged as ChangeKind::Replaced.
struct PublishCollection {
    std::string_view hidden;
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

using Operation = std::variant<InsertRecord, PutRecord, ModifyRecord, RemoveRecord, ModifyMatches,
                               RemoveMatches, CheckRecord, CheckMatches, CreateCollection, AlterCollection,
                               DropCollection, PublishCollection, CreateIndex, DropIndex>;

enum class Effect : std::uint8_t {
    Created,
    Changed,
    Unchanged,
    Removed,
    Skipped,  ///< No record was found, or a guard no longer holds.
    Failed,   ///< See OperationOutcome::error.
    Checked,
};

struct OperationOutcome {
    Effect effect = Effect::Created;
    std::string id;           ///< Of the record; empty where there is none, or where all matches were meant.
    Revision revision;        ///< Of the record afterwards (before, where removed).
    std::string record;       ///< The record afterwards, where the batch wants records; empty where removed.
    std::string before = {};  ///< The record before, where the batch wants those; empty where created.
    std::uint64_t matched = 0;        ///< Records that were found (not: inserted).
    std::uint64_t modified = 0;       ///< Records that were changed or removed.
    std::optional<Error> error = {};  ///< Of Effect::Failed.
    std::string warning =
        {};  ///< Of the collection's rule (record_rules.h); the first, where there are several.
    std::uint64_t warned = 0;  ///< Records that the rule warned of.
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
        answer;              ///< On a writer's thread, perhaps more than once.
    bool only_look = false;  ///< Say whether the key was used; keep nothing. The batch has no operations.
};

/// What an operation's failure, by its own fault, means for its batch. Operations on collections and indexes always
/// undo it.
enum class OnFailure : std::uint8_t {
    Undo,  ///< Nothing of the batch happens.
    Skip,  ///< The operation alone does not happen, and its outcome says why.
    Stop,  ///< The same, and no later one is tried; there are no outcomes for those.
};

struct WriteBatch {
    std::string_view database;
    std::vector<Operation> operations;  ///< 1 to 10,000; with an idempotency key also none.
    std::string_view actor;             ///< Who writes, for the change log: a key's or user's id.
    bool want_records = false;          ///< Fill OperationOutcome::record.
    bool want_before = false;           ///< Fill OperationOutcome::before.
    OnFailure on_failure = OnFailure::Undo;
    std::uint64_t max_examined =
        20'000;  ///< Records that finding may look at in all; beyond: QUERY_TOO_LARGE.
    std::uint64_t max_matched = 10'000;  ///< Records that one operation may find; beyond: LIMIT_EXCEEDED.
    std::optional<Idempotency> idempotency;
};

constexpr std::size_t max_batch_operations = 10'000;

}  // namespace credvault::storage
