#include "storage/memory/memory_collection.h"

#include <algorithm>
#include <utility>

#include "storage/errors.h"
#include "storage/expiry.h"
#include "storage/record.h"

namespace credvault::storage {

Revision MemoryRecord::revision() const { return {incarnation, record_version(view())}; }

const MemoryRecord* MemoryCollection::find(std::string_view id) const {
    const auto found = records_.find(id);
    return found == records_.end() ? nullptr : &found->second;
}

Result<std::vector<std::string>> MemoryCollection::values(const MemoryIndex& index,
                                                          const MemoryRecord& record) {
    const query::IndexFields& index_fields = index.info.spec.keys;
    TRY(const query::IndexKeys keys, query::index_keys(record.view(), index_fields));
    std::vector<std::string> tuples;
    for (const query::IndexEntry& entry : keys.entries) {
        tuples.emplace_back(query::values_of_entry(entry.key, index_fields));
    }
    return tuples;
}

Status MemoryCollection::check_in(const MemoryIndex& index, std::string_view id,
                                  const MemoryRecord& record) const {
    TRY(const std::vector<std::string> tuples, values(index, record));
    for (const std::string& tuple : tuples) {
        const auto owner = index.owners.find(tuple);
        if (owner != index.owners.end() && owner->second != id)
            return duplicate_key(index.info.spec, record.view());
    }
    return {};
}

Status MemoryCollection::check(std::string_view id, const MemoryRecord& record) const {
    for (const auto& [name, index] : indexes_) {
        if (index.info.state == IndexState::Failed) continue;
        TRY_VOID(check_in(index, id, record));
    }
    return {};
}

void MemoryCollection::enter(MemoryIndex& index, const std::string& id, const MemoryRecord& record) {
    const auto keys = query::index_keys(record.view(), index.info.spec.keys);
    index.info.multikey |= keys->multikey;
    index.info.cut |= keys->cut;
    index.info.entries += keys->entries.size();
    if (!index.info.spec.unique) return;
    const auto tuples = values(index, record);
    for (const std::string& tuple : *tuples) index.owners.emplace(tuple, id);
}

void MemoryCollection::withdraw(MemoryIndex& index, const MemoryRecord& record) {
    index.info.entries -= query::index_keys(record.view(), index.info.spec.keys)->entries.size();
    if (!index.info.spec.unique) return;
    const auto tuples = values(index, record);
    for (const std::string& tuple : *tuples) index.owners.erase(tuple);
}

std::optional<MemoryRecord> MemoryCollection::place(const std::string& id,
                                                    std::optional<MemoryRecord> record) {
    std::optional<MemoryRecord> before;
    if (const auto found = records_.find(id); found != records_.end()) {
        before = std::move(found->second);
        records_.erase(found);
    }
    for (auto& [name, index] : indexes_) {
        if (index.info.state == IndexState::Failed) continue;
        if (before) withdraw(index, *before);
        if (record) enter(index, id, *record);
    }
    if (record) records_.emplace(id, std::move(*record));
    return before;
}

void MemoryCollection::build(MemoryIndex& index) const {
    for (const auto& [id, record] : records_) {
        if (const Status checked = check_in(index, id, record); !checked.ok()) {
            const Error& why = checked.error();
            index.info.state = IndexState::Failed;
            index.info.failure = why.code == ErrorCode::DUPLICATE_KEY
                                     ? duplicate_in_build(index.info.spec, record.view())
                                     : unindexable_in_build(id, why);
            index.info.entries = 0;
            index.owners.clear();
            return;
        }
        enter(index, id, record);
    }
}

std::string_view MemoryCollection::text_index() const {
    for (const auto& [name, index] : indexes_) {
        if (index.info.spec.keys.type == query::IndexType::Text) return name;
    }
    return {};
}

void MemoryCollection::add_index(const IndexSpec& spec, std::int64_t now_ms) {
    MemoryIndex& index = indexes_[spec.name];
    index.info.spec = spec;
    index.info.created_ms = now_ms;
    build(index);
}

CollectionInfo MemoryCollection::info(std::string_view name) const {
    CollectionInfo info{std::string(name), options, created_ms, records_.size(), 0, {}};
    for (const auto& [id, record] : records_) info.record_bytes += record.text.size();
    for (const auto& [index_name, index] : indexes_) info.indexes.push_back(index.info);
    return info;
}

std::vector<std::string> MemoryCollection::expired(std::int64_t now_ms) const {
    std::vector<std::string> ids;
    for (const auto& [name, index] : indexes_) {
        const IndexSpec& spec = index.info.spec;
        if (!spec.ttl_seconds || index.info.state != IndexState::Ready) continue;
        for (const auto& [id, record] : records_) {
            const auto keys = query::index_keys(record.view(), spec.keys);
            const auto is_over = [&](const query::IndexEntry& entry) {
                return has_expired(entry.key, spec, now_ms);
            };
            if (keys.ok() && std::ranges::any_of(keys->entries, is_over)) ids.push_back(id);
        }
    }
    return ids;
}

}  // namespace credvault::storage
