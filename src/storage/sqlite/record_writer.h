// Applies the operations on records to a write transaction. Everything that can be wrong with an operation is found
// before its first write, so that a failed one has changed nothing (but for failures of the store itself). Reused from
// batch to batch; lives on a writer's thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/record.h"
#include "storage/sqlite/entry_changes.h"
#include "storage/sqlite/match_finder.h"
#include "storage/sqlite/write_transaction.h"
#include "storage/write.h"

namespace credvault::storage {

class RecordWriter {
public:
    /// Who writes and when, for the operations that follow.
    void start(WriteTransaction& transaction, const WriteBatch& batch, std::int64_t now_ms);

    Result<OperationOutcome> apply(const InsertRecord& operation);
    Result<OperationOutcome> apply(const PutRecord& operation);
    Result<OperationOutcome> apply(const ModifyRecord& operation);
    Result<OperationOutcome> apply(const RemoveRecord& operation);
    Result<OperationOutcome> apply(const ModifyMatches& operation);
    Result<OperationOutcome> apply(const RemoveMatches& operation);
    Result<OperationOutcome> apply(const CheckRecord& operation);
    Result<OperationOutcome> apply(const CheckMatches& operation);

private:
    struct Stored {
        std::int64_t rid;
        std::uint64_t version;
        json::View record;  ///< In buffer_.

        Revision revision() const { return {static_cast<std::uint64_t>(rid), version}; }
    };

    /// The record that is stored now.
    Result<std::optional<Stored>> read(const StoredCollection& collection, std::string_view id);
    Result<std::optional<Stored>> read_checked(const StoredCollection& collection, std::string_view id,
                                               const Precondition& precondition);
    Result<OperationOutcome> insert(const CollectionRef& collection, std::string id, const json::View& fields,
                                    bool keep_times);
    Result<OperationOutcome> change(const CollectionRef& collection, std::string_view id,
                                    const Stored& stored, const json::View& fields);
    Result<OperationOutcome> remove(const CollectionRef& collection, std::string_view id,
                                    const Stored& stored);
    Result<OperationOutcome> upsert(const CollectionRef& collection, const RecordChange& change);
    OperationOutcome outcome(Effect effect, std::string_view id, const Revision& revision, std::string record,
                             const json::View* before = nullptr) const;

    WriteTransaction* transaction_ = nullptr;
    const WriteBatch* batch_ = nullptr;
    std::int64_t now_ms_ = 0;
    EntryChanges entries_;
    MatchFinder finder_;
    std::string buffer_;
};

}  // namespace credvault::storage
