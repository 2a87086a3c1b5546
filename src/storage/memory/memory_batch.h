// Applies one batch to a database of the in-memory engine: operation by operation, noting how to undo each, so that a
// batch that fails leaves nothing. Used once, under the engine's mutex.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/memory/memory_database.h"
#include "storage/write.h"

namespace credvault::storage {

class MemoryBatch {
public:
    MemoryBatch(MemoryDatabase& database, const WriteBatch& batch, std::int64_t now_ms)
        : database_(database),
          batch_(batch),
          rules_(database.rules),
          now_ms_(now_ms),
          claim_(database.allowance) {}

    /// The outcome of each operation, or the error of the first that failed, after everything was undone.
    Result<WriteOutcome> apply();

private:
    using Outcome = Result<OperationOutcome>;

    Outcome run(const InsertRecord& operation);
    Outcome run(const PutRecord& operation);
    Outcome run(const ModifyRecord& operation);
    Outcome run(const RemoveRecord& operation);
    Outcome run(const ModifyMatches& operation);
    Outcome run(const RemoveMatches& operation);
    Outcome run(const CheckRecord& operation);
    Outcome run(const CheckMatches& operation);
    Outcome run(const CreateCollection& operation);
    Outcome run(const AlterCollection& operation);
    Outcome run(const DropCollection& operation);
    Outcome run(const PublishCollection& operation);
    Outcome run(const CreateIndex& operation);
    Outcome run(const DropIndex& operation);

    Result<MemoryCollection*> collection(std::string_view name) const;
    Outcome insert(MemoryCollection& collection, const std::string& id, const json::View& fields,
                   bool keep_times);
    Outcome change(MemoryCollection& collection, const std::string& id, const json::View& fields);
    Outcome store(MemoryCollection& collection, const std::string& id, MemoryRecord record, Effect effect);
    /// Logs a change, with the images that the collection keeps.
    void log(const MemoryCollection& collection, Change change, const MemoryRecord* before,
             const MemoryRecord* after);
    /// Nothing where the collection is hidden.
    void log_catalogue(const MemoryCollection& collection, ChangeKind kind, std::string_view index = {});
    Outcome remove(MemoryCollection& from, const std::string& id);
    Result<std::vector<std::string>> find(const MemoryCollection& in, const query::Filter& filter,
                                          const query::Sort& sort, std::uint64_t limit) const;
    OperationOutcome outcome(Effect effect, const std::string& id, const MemoryRecord& record,
                             const MemoryRecord* before) const;
    /// Fails with QUOTA_EXCEEDED.
    Status grow(const Stock& by);
    /// Undoes all steps but the first so many.
    void undo_to(std::size_t mark);

    MemoryDatabase& database_;
    const WriteBatch& batch_;
    const RecordRules* const rules_;
    const std::int64_t now_ms_;
    Claim claim_;
    std::vector<std::function<void()>> undo_;
};

}  // namespace credvault::storage
