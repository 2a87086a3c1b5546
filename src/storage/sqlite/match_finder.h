// Finds records within a write transaction, as it has made them so far, for operations that find and change. Looks at
// no more records than its batch may. Reused from batch to batch; lives on a writer's thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/filter.h"
#include "query/sort.h"
#include "storage/sqlite/write_transaction.h"
#include "storage/write.h"

namespace credvault::storage {

class MatchFinder {
public:
    /// Whose bounds hold for what is found from now on, all together.
    void start(WriteTransaction& transaction, const WriteBatch& batch);

    /// The ids of the first match in the order of `sort` (limit 1), or of all matches in the order of ids (no_limit).
    /// Fails with COLLECTION_NOT_FOUND, QUERY_TOO_LARGE, LIMIT_EXCEEDED.
    Result<std::vector<std::string>> find(std::string_view collection, const query::Filter& filter,
                                          const query::Sort& sort, std::uint64_t limit);

private:
    WriteTransaction* transaction_ = nullptr;
    const WriteBatch* batch_ = nullptr;
    std::uint64_t examined_ = 0;
};

}  // namespace credvault::storage
