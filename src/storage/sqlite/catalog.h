// What is in a database: its collections and their indexes, as they were after some commit. A Catalog is immutable and
// shared; a change makes a new one, of which most is the old one's. Only the counts move, and are atomic.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/planner.h"
#include "storage/changes.h"
#include "storage/quota.h"
#include "storage/record_rules.h"
#include "storage/schema.h"
#include "storage/sqlite/connection.h"

namespace credvault::storage {

/// Of committed data (file_format.cpp says of what); `done` is an index build's progress.
struct Counts {
    std::atomic<std::int64_t> rows{0};
    std::atomic<std::int64_t> bytes{0};
    std::atomic<std::int64_t> done{0};
};

struct StoredIndex {
    std::int64_t number = 0;
    IndexSpec spec;
    IndexState state = IndexState::Building;
    std::string failure;
    std::int64_t created_ms = 0;
    bool multikey = false;
    bool cut = false;
    std::int64_t position = 0;  ///< When it was loaded or made: the rid that a build goes on after …
    std::int64_t last = 0;      ///< … and the last one it has to enter.
    std::int64_t total = 0;     ///< Records to enter.
    std::shared_ptr<Counts> counts;

    IndexInfo info() const;
};
using IndexRef = std::shared_ptr<const StoredIndex>;

struct StoredCollection {
    std::int64_t number = 0;
    std::string name;
    std::string options;
    ChangeImages images = ChangeImages::Off;  ///< Of the options, as is the rule.
    std::shared_ptr<LazyRule> rule;
    std::int64_t created_ms = 0;
    std::vector<IndexRef> indexes;          ///< By name.
    std::vector<query::IndexShape> shapes;  ///< Of the indexes, at the same places.
    std::shared_ptr<Counts> counts;

    void set_options(std::string_view text);
    CollectionInfo info() const;
    const StoredIndex* find_index(std::string_view name) const;
    /// The same collection with an index added, replaced (by its number) or left out.
    std::shared_ptr<const StoredCollection> with_index(IndexRef index) const;
    std::shared_ptr<const StoredCollection> without_index(std::int64_t index) const;
};
using CollectionRef = std::shared_ptr<const StoredCollection>;

class Catalog {
public:
    const std::vector<CollectionRef>& collections() const { return collections_; }  ///< By name.
    /// Null where there is none.
    CollectionRef find(std::string_view name) const;
    std::shared_ptr<const Catalog> with(CollectionRef collection) const;  ///< Added, or replaced by its name.
    std::shared_ptr<const Catalog> without(std::string_view name) const;
    /// What all collections hold.
    Stock stock() const;
    /// Whether records may expire.
    bool has_ttl() const;
    /// Rows and bytes of the change log.
    const std::shared_ptr<Counts>& change_counts() const { return change_counts_; }

    static Result<std::shared_ptr<const Catalog>> load(Connection& connection);

private:
    std::vector<CollectionRef> collections_;
    std::shared_ptr<Counts> change_counts_;
};

/// An index's definition as it is stored.
std::string encode_spec(const IndexSpec& spec);
Result<IndexSpec> decode_spec(std::string_view name, std::string_view text);

}  // namespace credvault::storage
