// Checks the records of one collection and the entries of its indexes. One thread.
#pragma once

#include <map>
#include <string>

#include "json/view.h"
#include "query/key.h"
#include "storage/sqlite/catalog.h"
#include "storage/sqlite/check_findings.h"
#include "storage/sqlite/connection.h"

namespace credvault::storage {

class CollectionCheck {
public:
    /// `first_change` is the oldest sequence number in the change log; 0 where it is empty.
    CollectionCheck(Connection& connection, CollectionRef collection, std::int64_t first_change,
                    CheckFindings& findings)
        : connection_(connection),
          collection_(std::move(collection)),
          first_change_(first_change),
          findings_(findings) {}

    /// Fails where the file can't be read.
    Status run();

private:
    struct RecordRow {
        std::int64_t rid;
        std::int64_t collection;
        std::string_view id;
        std::int64_t version;
        std::string_view doc;
    };

    Status check_records();
    Status check_record(const RecordRow& row);
    void check_document(const RecordRow& row);
    Status check_insertion(const RecordRow& row);
    Status check_keys(const RecordRow& row);
    Status check_entry(const StoredIndex& index, const query::IndexEntry& entry, const RecordRow& row);
    Status check_index(const StoredIndex& index);
    Status check_owner(const StoredIndex& index, std::string_view key, std::int64_t rid);
    void check_counts(std::int64_t records, std::int64_t bytes);
    void problem(std::string_view about, std::string_view id, std::string_view what);
    std::string name_of(const StoredIndex& index) const;

    Connection& connection_;
    const CollectionRef collection_;
    const std::int64_t first_change_;
    CheckFindings& findings_;
    std::map<std::int64_t, std::uint64_t> implied_;  ///< Entries that the records imply, by index number.
    std::map<std::int64_t, std::int64_t> lengths_;   ///< Of texts, likewise.
};

}  // namespace credvault::storage
