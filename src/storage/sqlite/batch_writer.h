// Applies one batch to a write transaction: its idempotency key, then its operations in their order. Reused from batch
// to batch; lives on a writer's thread.
#pragma once

#include <cstdint>

#include "storage/sqlite/record_writer.h"
#include "storage/sqlite/write_transaction.h"
#include "storage/write.h"

namespace credvault::storage {

class BatchWriter {
public:
    /// Where it fails, the caller undoes the batch; but see is_checked_first().
    Result<WriteOutcome> apply(WriteTransaction& transaction, const WriteBatch& batch, std::int64_t now_ms);

private:
    Result<OperationOutcome> apply_apart(WriteTransaction& transaction, const WriteBatch& batch,
                                         const Operation& operation, std::int64_t now_ms);
    Result<OperationOutcome> apply_operation(WriteTransaction& transaction, const Operation& operation,
                                             std::int64_t now_ms);

    RecordWriter records_;
};

/// Whether such a batch, where it fails by its own fault, has written nothing: one operation on a record, which is
/// checked before its first write. It needs no savepoint.
bool is_checked_first(const WriteBatch& batch);

}  // namespace credvault::storage
