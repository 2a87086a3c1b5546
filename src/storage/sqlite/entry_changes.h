// What one change of a record does to the entries of its collection's indexes. plan() works it out and checks unique
// indexes without writing; apply() writes only what differs. Reused from record to record to save allocations; lives on
// a writer's thread.
#pragma once

#include <cstdint>
#include <vector>

#include "json/view.h"
#include "query/key.h"
#include "storage/sqlite/write_transaction.h"

namespace credvault::storage {

class EntryChanges {
public:
    /// `before` is null for an insertion, `after` for a removal. Fails with DUPLICATE_KEY, or INVALID_RECORD where an
    /// index can't hold the record.
    Status plan(WriteTransaction& transaction, CollectionRef collection, std::int64_t rid,
                const json::View* before, const json::View* after);
    Status apply(WriteTransaction& transaction);

private:
    struct IndexChange {
        IndexRef index;
        query::IndexKeys before;
        query::IndexKeys after;
    };

    Status plan_index(WriteTransaction& transaction, IndexRef index, const json::View* before,
                      const json::View* after);
    Status check_unique(WriteTransaction& transaction, const IndexChange& change,
                        const json::View& record) const;
    Status apply_index(WriteTransaction& transaction, const IndexChange& change) const;

    CollectionRef collection_;
    std::int64_t rid_ = 0;
    std::vector<IndexChange> changes_;
};

/// As stored in entries.mark.
std::int64_t mark_of(const query::IndexEntry& entry);

/// What an entry of a text index adds to the length of all texts, which the index's counts hold as its bytes; else 0.
std::int64_t length_of(const query::IndexEntry& entry);

/// Whether another record than `rid` has an entry with the values of this one. Reads only.
Result<bool> is_taken(Connection& connection, const StoredIndex& index, const query::IndexEntry& entry,
                      std::int64_t rid);

/// Writes an entry. True: it was not there.
Result<bool> insert_entry(Connection& connection, const StoredIndex& index, const query::IndexEntry& entry,
                          std::int64_t rid);

}  // namespace credvault::storage
