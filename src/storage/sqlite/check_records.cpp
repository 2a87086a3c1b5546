#include "storage/sqlite/check_records.h"

#include <utility>

#include "json/canonical.h"
#include "storage/record.h"
#include "storage/sqlite/entry_changes.h"
#include "storage/sqlite/file_format.h"
#include "storage/sqlite/key_bounds.h"

namespace credvault::storage {
namespace {

constexpr std::string_view find_entry = "SELECT rid, mark FROM entries WHERE number = ?1 AND key = ?2";
constexpr std::string_view find_insertion =
    "SELECT 1 FROM changes WHERE seq = ?1 AND collection = ?2 AND id = ?3 AND (operation & 15) = 1";
constexpr std::string_view scan_records =
    "SELECT rid, collection, id, version, doc FROM records WHERE rid >= ?1 AND rid < ?2 ORDER BY rid";

bool is_whole_record(std::string_view doc) {
    json::ParseLimits limits;
    limits.max_bytes = std::max(limits.max_bytes, doc.size());
    const auto canonical = json::canonicalize(doc, limits);
    if (!canonical.ok() || *canonical != doc || !json::View(doc).is_object()) return false;
    const json::View record(doc);
    const auto id = record.find("id");
    const auto version = record.find("_version");
    return id && id->is_string() && version && version->type() == json::Type::Int &&
           record.find("created_at") && record.find("updated_at");
}

}  // namespace

Status CollectionCheck::run() {
    TRY_VOID(check_records());
    for (const IndexRef& index : collection_->indexes) {
        if (index->state != IndexState::Failed && !findings_.stopped()) TRY_VOID(check_index(*index));
    }
    return {};
}

Status CollectionCheck::check_records() {
    findings_.begin("records", static_cast<std::uint64_t>(collection_->counts->rows));
    Statement rows(connection_.raw(), scan_records, false);
    rows.bind(1, rid_of(collection_->number, 0)).bind(2, rid_of(collection_->number + 1, 0));
    std::int64_t records = 0;
    std::int64_t bytes = 0;
    int code = SQLITE_ROW;
    while (!findings_.stopped() && (code = rows.step()) == SQLITE_ROW) {
        const RecordRow row{rows.integer(0), rows.integer(1), rows.bytes(2), rows.integer(3), rows.bytes(4)};
        ++records;
        bytes += static_cast<std::int64_t>(row.doc.size());
        TRY_VOID(check_record(row));
        findings_.row();
    }
    if (findings_.stopped()) return {};
    TRY_VOID(connection_.check(code, "reading the records"));
    findings_.report().records += static_cast<std::uint64_t>(records);
    check_counts(records, bytes);
    return {};
}

Status CollectionCheck::check_record(const RecordRow& row) {
    if (row.collection != collection_->number) problem("record", row.id, "has a rid of another collection");
    TRY_VOID(check_insertion(row));
    if (!is_whole_record(row.doc)) {
        problem("record", row.id, "is no canonical record");
        return {};
    }
    check_document(row);
    findings_.record(collection_->name, json::View(row.doc));
    return check_keys(row);
}

void CollectionCheck::check_document(const RecordRow& row) {
    const json::View record(row.doc);
    const std::string id = record.find("id")->as_string();
    if (id != row.id) problem("record", row.id, "is stored under another id than its own, '" + id + "'");
    if (!check_id(row.id).ok()) problem("record", row.id, "has an id that is not allowed");
    if (record.find("_version")->as_int() != row.version || row.version < 1) {
        problem("record", row.id, "is stored with another version than its own");
    }
}

/// A record as old as the log has its insertion there, under the sequence number in its rid.
Status CollectionCheck::check_insertion(const RecordRow& row) {
    const std::int64_t sequence = row.rid & max_sequence;
    if (first_change_ == 0 || sequence < first_change_) return {};
    Statement found(connection_.raw(), find_insertion, false);
    const int code = found.bind(1, sequence).bind(2, row.collection).bind_text(3, row.id).step();
    if (code == SQLITE_DONE) problem("record", row.id, "has no insertion in the change log");
    return code == SQLITE_ROW ? Status() : connection_.check(code, "looking an insertion up");
}

Status CollectionCheck::check_keys(const RecordRow& row) {
    for (const IndexRef& index : collection_->indexes) {
        if (index->state == IndexState::Failed) continue;
        // While it is built, it has to have the records up to where the build is.
        if (index->state == IndexState::Building && row.rid > index->position) continue;
        const auto keys = query::index_keys(json::View(row.doc), index->spec.keys);
        if (!keys.ok()) {
            problem("record", row.id, "can't be in the index " + name_of(*index));
            continue;
        }
        if (keys->multikey && !index->multikey)
            problem("record", row.id, "has an array that " + name_of(*index) + " does not know of");
        if (keys->cut && !index->cut)
            problem("record", row.id, "has a cut key that " + name_of(*index) + " does not know of");
        for (const query::IndexEntry& entry : keys->entries) {
            TRY_VOID(check_entry(*index, entry, row));
            lengths_[index->number] += length_of(entry);
        }
        implied_[index->number] += keys->entries.size();
    }
    return {};
}

Status CollectionCheck::check_entry(const StoredIndex& index, const query::IndexEntry& entry,
                                    const RecordRow& row) {
    Statement found(connection_.raw(), find_entry, false);
    const int code = found.bind(1, index.number).bind_bytes(2, entry.key).step();
    if (code == SQLITE_DONE) {
        problem("record", row.id, "lacks an entry in the index " + name_of(index));
        return {};
    }
    if (code != SQLITE_ROW) return connection_.error(code, "looking an entry up");
    if (found.integer(0) != row.rid)
        problem("record", row.id, "has an entry of another record in " + name_of(index));
    if (found.integer(1) != mark_of(entry))
        problem("record", row.id, "has a wrongly marked entry in " + name_of(index));
    return {};
}

/// Every entry implied by a record is there; if there are no more of them, that is all.
Status CollectionCheck::check_index(const StoredIndex& index) {
    findings_.begin("entries", static_cast<std::uint64_t>(index.counts->rows));
    const std::uint64_t implied = implied_[index.number];
    std::uint64_t entries = 0;
    std::string previous;
    Statement& keys = connection_[Sql::KeysUp];
    const StatementScope scope(keys);
    keys.bind(1, index.number).bind_bytes(2, "").bind_bytes(3, top_bound).bind(4, 0);
    int code = SQLITE_ROW;
    while (!findings_.stopped() && (code = keys.step()) == SQLITE_ROW) {
        const std::string_view key = keys.bytes(0);
        const std::string_view values = query::values_of_entry(key, index.spec.keys);
        if (index.spec.unique && entries > 0 && values == previous) {
            findings_.problem("the unique index " + name_of(index) + " has a value twice");
        }
        previous = values;
        ++entries;
        // Only where there is one too many is it worth to ask for each whose it is.
        if (index.state == IndexState::Ready && static_cast<std::uint64_t>(index.counts->rows) != implied) {
            TRY_VOID(check_owner(index, key, keys.integer(1)));
        }
        findings_.row();
    }
    if (findings_.stopped()) return {};
    TRY_VOID(connection_.check(code, "reading the entries"));
    findings_.report().entries += entries;
    if (index.state == IndexState::Ready && entries != implied) {
        findings_.problem("the index " + name_of(index) + " has " + std::to_string(entries) +
                          " entries, the records imply " + std::to_string(implied));
    }
    if (index.state == IndexState::Ready && index.counts->bytes != lengths_[index.number]) {
        findings_.problem("the texts in the index " + name_of(index) + " have a length of " +
                          std::to_string(lengths_[index.number]) + ", its count is " +
                          std::to_string(index.counts->bytes));
    }
    if (entries != static_cast<std::uint64_t>(index.counts->rows)) {
        findings_.problem("the index " + name_of(index) + " has " + std::to_string(entries) +
                          " entries, its count is " + std::to_string(index.counts->rows));
    }
    return {};
}

Status CollectionCheck::check_owner(const StoredIndex& index, std::string_view key, std::int64_t rid) {
    Statement& owner = connection_[Sql::RecordByRid];
    const StatementScope scope(owner);
    const int code = owner.bind(1, rid).step();
    if (code != SQLITE_ROW) {
        if (code == SQLITE_DONE)
            findings_.problem("the index " + name_of(index) + " has an entry without a record");
        return code == SQLITE_DONE ? Status() : connection_.error(code, "looking a record up");
    }
    const std::string_view doc = owner.bytes(0);
    if (!is_whole_record(doc)) return {};
    const auto keys = query::index_keys(json::View(doc), index.spec.keys);
    if (!keys.ok()) return {};
    for (const query::IndexEntry& entry : keys->entries) {
        if (entry.key == key) return {};
    }
    problem("record", json::View(doc).find("id")->as_string(),
            "has an entry too many in the index " + name_of(index));
    return {};
}

void CollectionCheck::check_counts(std::int64_t records, std::int64_t bytes) {
    const std::int64_t counted = collection_->counts->rows;
    const std::int64_t counted_bytes = collection_->counts->bytes;
    if (records == counted && bytes == counted_bytes) return;
    findings_.problem("the collection '" + collection_->name + "' has " + std::to_string(records) +
                      " records of " + std::to_string(bytes) + " bytes, its counts are " +
                      std::to_string(counted) + " and " + std::to_string(counted_bytes));
}

void CollectionCheck::problem(std::string_view about, std::string_view id, std::string_view what) {
    findings_.problem("the " + std::string(about) + " '" + std::string(id) + "' of '" + collection_->name +
                      "' " + std::string(what));
}

std::string CollectionCheck::name_of(const StoredIndex& index) const { return "'" + index.spec.name + "'"; }

}  // namespace credvault::storage
