// Applies the operations on collections and indexes to a write transaction: rows in the tables, the transaction's
// catalog, and requests for the background work that follows. Pure functions; a writer's thread.
#pragma once

#include <cstdint>

#include "storage/sqlite/write_transaction.h"
#include "storage/write.h"

namespace credvault::storage {

Result<OperationOutcome> apply(WriteTransaction& transaction, const CreateCollection& operation,
                               std::int64_t now_ms);
Result<OperationOutcome> apply(WriteTransaction& transaction, const AlterCollection& operation,
                               std::int64_t now_ms);
Result<OperationOutcome> apply(WriteTransaction& transaction, const DropCollection& operation,
                               std::int64_t now_ms);
Result<OperationOutcome> apply(WriteTransaction& transaction, const PublishCollection& operation,
                               std::int64_t now_ms);
Result<OperationOutcome> apply(WriteTransaction& transaction, const CreateIndex& operation,
                               std::int64_t now_ms);
Result<OperationOutcome> apply(WriteTransaction& transaction, const DropIndex& operation,
                               std::int64_t now_ms);

/// Stores an index's new state and puts it into the transaction's catalog. Does nothing where it was dropped meanwhile.
Status set_index_state(WriteTransaction& transaction, std::int64_t collection, std::int64_t index,
                       IndexState state, const std::string& failure);
/// Stores that an index has entries of arrays or cut ones, where it has; the same.
Status set_index_flags(WriteTransaction& transaction, std::int64_t collection, std::int64_t index,
                       bool multikey, bool cut);

}  // namespace credvault::storage
