// One collection of the in-memory engine: its records by id, and its indexes, which serve uniqueness alone. Every
// change is one place() and is undone by placing back what it returned. Guarded by the engine's mutex.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "storage/read.h"
#include "storage/record_rules.h"
#include "storage/schema.h"

namespace credvault::storage {

struct MemoryRecord {
    std::string text;  ///< The stored form (record.h).
    std::uint64_t incarnation = 0;

    json::View view() const { return json::View(text); }
    Revision revision() const;
};

struct MemoryIndex {
    IndexInfo info;
    std::map<std::string, std::string>
        owners;  ///< Of a unique index: encoded values, and the id of who has them.
};

class MemoryCollection {
public:
    using Records = std::map<std::string, MemoryRecord, std::less<>>;
    using Indexes = std::map<std::string, MemoryIndex, std::less<>>;

    struct Identity {
        std::string name;
        std::uint64_t number;  ///< Not given to another collection, also of the same name.
    };
    MemoryCollection(Identity who, std::string options_text, std::int64_t now_ms)
        : identity(std::move(who)), options(std::move(options_text)), created_ms(now_ms) {}

    const Records& records() const { return records_; }
    const MemoryRecord* find(std::string_view id) const;
    /// Whether the record may stand under this id: INVALID_RECORD where an index can't take it, DUPLICATE_KEY where a
    /// unique one has its values under another id.
    Status check(std::string_view id, const MemoryRecord& record) const;
    /// Sets or, with nothing, removes the record of an id. Returns what was there. Precondition: check() allows it.
    std::optional<MemoryRecord> place(const std::string& id, std::optional<MemoryRecord> record);

    bool has_index(std::string_view name) const { return indexes_.contains(name); }
    /// The name of its text index; empty where it has none.
    std::string_view text_index() const;
    /// Adds and builds an index; where the records don't allow it, it is there and has failed.
    void add_index(const IndexSpec& spec, std::int64_t now_ms);
    /// Removes an index; put_back() undoes it as long as nothing else has changed.
    Indexes::node_type take_index(std::string_view name) { return indexes_.extract(indexes_.find(name)); }
    void put_back(Indexes::node_type index) { indexes_.insert(std::move(index)); }

    CollectionInfo info(std::string_view name) const;
    /// Ids of the records that have expired.
    std::vector<std::string> expired(std::int64_t now_ms) const;

    Identity identity;
    std::string options;
    std::shared_ptr<LazyRule> rule = std::make_shared<LazyRule>();  ///< Of the options.
    std::int64_t created_ms;

private:
    /// The values that a record has in an index, encoded. Fails with INVALID_RECORD.
    static Result<std::vector<std::string>> values(const MemoryIndex& index, const MemoryRecord& record);
    Status check_in(const MemoryIndex& index, std::string_view id, const MemoryRecord& record) const;
    static void enter(MemoryIndex& index, const std::string& id, const MemoryRecord& record);
    static void withdraw(MemoryIndex& index, const MemoryRecord& record);
    void build(MemoryIndex& index) const;

    Records records_;
    Indexes indexes_;
};

}  // namespace credvault::storage
