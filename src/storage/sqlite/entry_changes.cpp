#include "storage/sqlite/entry_changes.h"

#include <utility>

#include "query/text/text_source.h"
#include "storage/errors.h"
#include "storage/sqlite/key_bounds.h"
#include "storage/sqlite/schema_writer.h"

namespace credvault::storage {
namespace {

/// Calls one of the functions for each key: only before, only after, in both.
template <class Removed, class Added, class Kept>
Status each_difference(const std::vector<query::IndexEntry>& before,
                       const std::vector<query::IndexEntry>& after, Removed removed, Added added, Kept kept) {
    auto b = before.begin();
    auto a = after.begin();
    while (b != before.end() || a != after.end()) {
        const int order = b == before.end() ? 1 : a == after.end() ? -1 : b->key.compare(a->key);
        if (order < 0) {
            TRY_VOID(removed(*b++));
        } else if (order > 0) {
            TRY_VOID(added(*a++));
        } else {
            TRY_VOID(kept(*b++, *a++));
        }
    }
    return {};
}

Result<query::IndexKeys> keys_of(const json::View* record, const IndexSpec& spec) {
    if (record == nullptr) return query::IndexKeys();
    return query::index_keys(*record, spec.keys);
}

}  // namespace

std::int64_t mark_of(const query::IndexEntry& entry) {
    if (entry.payload != 0) return entry.payload;
    return (entry.least ? least_mark : 0) | (entry.greatest ? greatest_mark : 0);
}

std::int64_t length_of(const query::IndexEntry& entry) {
    return query::TextPayload::unpacked(entry.payload).weight;
}

Result<bool> is_taken(Connection& connection, const StoredIndex& index, const query::IndexEntry& entry,
                      std::int64_t rid) {
    const std::string_view values = query::values_of_entry(entry.key, index.spec.keys);
    const std::string end = prefix_end(values);
    Statement& statement = connection[Sql::KeysUp];
    const StatementScope scope(statement);
    statement.bind(1, index.number).bind_bytes(2, values).bind_bytes(3, end).bind(4, 0);
    int code = SQLITE_ROW;
    while ((code = statement.step()) == SQLITE_ROW) {
        if (statement.integer(1) != rid) return true;
    }
    TRY_VOID(connection.check(code, "checking a unique index"));
    return false;
}

Result<bool> insert_entry(Connection& connection, const StoredIndex& index, const query::IndexEntry& entry,
                          std::int64_t rid) {
    Statement& statement = connection[Sql::InsertEntry];
    statement.bind(1, index.number).bind_bytes(2, entry.key).bind(3, rid).bind(4, mark_of(entry));
    TRY_VOID(connection.check(statement.run(), "writing an index entry"));
    return connection.changes() > 0;
}

Status EntryChanges::plan(WriteTransaction& transaction, CollectionRef collection, std::int64_t rid,
                          const json::View* before, const json::View* after) {
    collection_ = std::move(collection);
    rid_ = rid;
    changes_.clear();
    for (const IndexRef& index : collection_->indexes) {
        if (index->state == IndexState::Failed) continue;
        TRY_VOID(plan_index(transaction, index, before, after));
    }
    return {};
}

Status EntryChanges::plan_index(WriteTransaction& transaction, IndexRef index, const json::View* before,
                                const json::View* after) {
    IndexChange change{std::move(index), {}, {}};
    TRY(change.before, keys_of(before, change.index->spec));
    TRY(change.after, keys_of(after, change.index->spec));
    if (change.index->spec.unique && after != nullptr) TRY_VOID(check_unique(transaction, change, *after));
    changes_.push_back(std::move(change));
    return {};
}

Status EntryChanges::check_unique(WriteTransaction& transaction, const IndexChange& change,
                                  const json::View& record) const {
    const auto nothing = [](const auto&...) { return Status(); };
    const auto check = [&](const query::IndexEntry& entry) -> Status {
        TRY(const bool taken, is_taken(transaction.connection(), *change.index, entry, rid_));
        if (taken) return duplicate_key(change.index->spec, record);
        return {};
    };
    // An entry that was there before is nobody else's.
    return each_difference(change.before.entries, change.after.entries, nothing, check, nothing);
}

Status EntryChanges::apply(WriteTransaction& transaction) {
    for (const IndexChange& change : changes_) TRY_VOID(apply_index(transaction, change));
    return {};
}

Status EntryChanges::apply_index(WriteTransaction& transaction, const IndexChange& change) const {
    const StoredIndex& index = *change.index;
    Connection& connection = transaction.connection();
    if ((change.after.multikey && !index.multikey) || (change.after.cut && !index.cut)) {
        TRY_VOID(set_index_flags(transaction, collection_->number, index.number, change.after.multikey,
                                 change.after.cut));
    }
    std::int64_t rows = 0;
    std::int64_t length = 0;
    const auto removed = [&](const query::IndexEntry& entry) -> Status {
        Statement& statement = connection[Sql::DeleteEntry];
        statement.bind(1, index.number).bind_bytes(2, entry.key);
        TRY_VOID(connection.check(statement.run(), "removing an index entry"));
        rows -= connection.changes();
        length -= connection.changes() * length_of(entry);
        return {};
    };
    const auto added = [&](const query::IndexEntry& entry) -> Status {
        TRY(const bool is_new, insert_entry(connection, index, entry, rid_));
        rows += is_new ? 1 : 0;
        length += is_new ? length_of(entry) : 0;
        return {};
    };
    const auto kept = [&](const query::IndexEntry& old, const query::IndexEntry& entry) -> Status {
        if (mark_of(old) == mark_of(entry)) return {};
        Statement& statement = connection[Sql::MarkEntry];
        statement.bind(1, index.number).bind_bytes(2, entry.key).bind(3, mark_of(entry));
        TRY_VOID(connection.check(statement.run(), "marking an index entry"));
        // While the index is built, it may not be there yet.
        length += connection.changes() * (length_of(entry) - length_of(old));
        return {};
    };
    TRY_VOID(each_difference(change.before.entries, change.after.entries, removed, added, kept));
    transaction.count(index.number, index.counts, rows, length);
    return {};
}

}  // namespace credvault::storage
