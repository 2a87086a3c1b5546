// Enters the records that a collection already has into a new index, a bounded piece at a time: reads records in the
// order of their rids, sorts their entries and writes them. Lives on a writer's thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "storage/sqlite/write_transaction.h"

namespace credvault::storage {

struct FillRange {
    std::int64_t after;  ///< Records with a greater rid …
    std::int64_t last;   ///< … up to this one.
    std::int64_t budget_ns;
};

struct Filled {
    std::int64_t position = 0;  ///< The last rid that was entered.
    std::int64_t records = 0;
    bool complete = false;
    std::string failure;  ///< Public: why the index can't be built; empty where it can.
    bool multikey = false;
    bool cut = false;
};

/// Counts the entries in the transaction. Fails only by the store's fault.
Result<Filled> fill_index(WriteTransaction& transaction, const StoredIndex& index, const FillRange& range);

}  // namespace credvault::storage
