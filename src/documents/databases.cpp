#include "documents/databases.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "json/writer.h"
#include "storage/errors.h"
#include "storage/hidden.h"
#include "storage/platform.h"

namespace credvault::documents {
namespace {

using storage::system_database;
constexpr std::string_view names_collection = "databases";
constexpr std::string_view dropped_collection = "dropped_databases";
constexpr std::size_t names_in_note = 1'000;

/// Engine ids are lower-case; a lowered ULID stays unique and says when the database was made.
std::string new_engine_id() {
    static UlidGenerator ulids;
    std::string id = "db_" + ulids.next(now_ms());
    std::transform(id.begin(), id.end(), id.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return id;
}

/// Collects the names' records.
class EntrySink final : public storage::RowSink {
public:
    bool row(const storage::Row& row) override {
        const json::Value record(row.record);
        const json::Value* created = record.find("created_at");
        entries.push_back(std::make_shared<const DatabaseEntry>(
            DatabaseEntry{record.find("id")->as_string(), record.find("workspace")->as_string(),
                          record.find("name")->as_string(), parse_time(created->as_string()).value_or(0)}));
        return true;
    }
    void restart() override { entries.clear(); }

    std::vector<DatabaseRef> entries;
};

class IdsSink final : public storage::RowSink {
public:
    bool row(const storage::Row& row) override {
        ids.push_back(row.record.find("id")->as_string());
        return true;
    }
    void restart() override { ids.clear(); }

    std::vector<std::string> ids;
};

/// The actor must live as long as the batch.
storage::WriteBatch system_batch(std::string_view actor = {}) {
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.actor = actor;
    return batch;
}

storage::FindRequest everything_in(std::string_view collection) {
    storage::FindRequest request;
    request.database = system_database;
    request.collection = collection;
    request.any_order = true;
    request.limit = storage::no_limit;
    return request;
}

/// Whether it exists, too.
bool is_made(const Result<storage::WriteOutcome>& made) {
    return made.ok() || made.error().code == ErrorCode::ALREADY_EXISTS;
}

std::string entry_record(std::string_view id, std::string_view workspace, std::string_view name) {
    std::string text;
    json::Writer(text)
        .begin_object()
        .key("id")
        .string(id)
        .key("workspace")
        .string(workspace)
        .key("name")
        .string(name)
        .end_object();
    return text;
}

/// What is written down of a drop: a note, and as many more as the names of its collections take. Whoever reads the
/// system database's log learns from them what went with the database. Their ids begin with the database's.
std::vector<std::string> drop_notes(const DatabaseEntry& entry, const std::vector<std::string>& collections) {
    std::vector<std::string> notes;
    for (std::size_t begin = 0; begin == 0 || begin < collections.size(); begin += names_in_note) {
        std::string& text = notes.emplace_back();
        const std::string number = begin == 0 ? "" : "." + std::to_string(begin / names_in_note);
        json::Writer out(text);
        out.begin_object().key("id").string(entry.id + number);
        out.key("workspace").string(entry.workspace).key("name").string(entry.name);
        out.key("collections").begin_array();
        const std::size_t end = std::min(collections.size(), begin + names_in_note);
        for (std::size_t i = begin; i < end; ++i) out.string(collections[i]);
        out.end_array().end_object();
    }
    return notes;
}

std::string noted_database(const std::string& note) { return note.substr(0, note.find('.')); }

/// The system's answer to a taken name speaks of its own index; users are told of the name.
Error taken(Error error, const std::string& name) {
    if (error.code != ErrorCode::DUPLICATE_KEY) return error;
    return Error(ErrorCode::ALREADY_EXISTS, "A database named '" + name + "' exists already", "name");
}

}  // namespace

Databases::Databases(storage::Engine& engine) : engine_(engine), names_(std::make_shared<const Names>()) {}

Reply<void> Databases::load() {
    storage::WriteBatch batch = system_batch();
    batch.operations.push_back(storage::CreateCollection{names_collection, "{}"});
    CO_TRY(query::Sort unique, query::parse_sort("workspace,name"));
    batch.operations.push_back(storage::CreateIndex{
        names_collection, storage::IndexSpec{"by_name", {std::move(unique), false}, true}});
    const auto made = co_await engine_.write(batch);
    if (!is_made(made)) co_return made.error();
    storage::WriteBatch second = system_batch();
    second.operations.push_back(storage::CreateCollection{dropped_collection, "{}"});
    const auto made_second = co_await engine_.write(second);
    if (!is_made(made_second)) co_return made_second.error();
    CO_TRY_VOID(co_await read_names());
    CO_TRY_VOID(co_await finish_drops());
    co_return co_await compare_with_stores();
}

/// Drops whose name is gone while the data may still be there.
Reply<void> Databases::finish_drops() {
    const storage::FindRequest request = everything_in(dropped_collection);
    IdsSink dropped;
    CO_TRY_VOID(co_await engine_.find(request, dropped));
    std::map<std::string, std::vector<std::string>> notes;
    for (const std::string& note : dropped.ids) notes[noted_database(note)].push_back(note);
    for (const auto& [id, of_it] : notes) CO_TRY_VOID(co_await drop_store(id, of_it));
    co_return Status();
}

/// Of a store that can't be read: none.
Reply<std::vector<std::string>> Databases::collections_of(std::string id) {
    std::vector<std::string> names;
    const auto collections = co_await engine_.list_collections(id);
    if (!collections.ok()) co_return names;
    for (const storage::CollectionInfo& one : *collections) {
        if (!storage::is_hidden(one.name)) names.push_back(one.name);
    }
    co_return names;
}

/// Removes what a dropped database held, and the notes of it.
Reply<void> Databases::drop_store(std::string id, std::vector<std::string> notes) {
    const auto dropped = co_await engine_.drop_database(id);
    if (!dropped.ok() && dropped.error().code != ErrorCode::DATABASE_NOT_FOUND) co_return dropped.error();
    if (quotas_ != nullptr) quotas_->forget(id);
    storage::WriteBatch batch = system_batch();
    for (const std::string& note : notes)
        batch.operations.push_back(storage::RemoveRecord{dropped_collection, note, {}});
    // Where this fails the next start repeats it.
    (void)co_await engine_.write(batch);
    co_return Status();
}

/// A name without a store is a loss, and said so. A store without a name goes where it is empty: its creation was
/// never answered for. With data it stays: it was named in a system database that somebody lost or set back.
Reply<void> Databases::compare_with_stores() {
    CO_TRY(const std::vector<std::string> stores, co_await engine_.list_databases());
    std::unordered_set<std::string> unnamed(stores.begin(), stores.end());
    unnamed.erase(std::string(storage::events_database));
    auto names = std::make_shared<Names>(*names_.read());
    for (auto& [key, entry] : *names) {
        if (unnamed.erase(entry->id) != 0) continue;
        log::error("the store of a database is missing", {{"database", entry->id}});
        DatabaseEntry missing = *entry;
        missing.missing = true;
        entry = std::make_shared<const DatabaseEntry>(std::move(missing));
    }
    names_.publish(std::move(names));
    for (const std::string& id : unnamed) {
        const auto described = co_await engine_.describe_database(id);
        if (!described.ok() || described->collections > 0) {
            log::error("a database has no name and can't be reached; it is kept", {{"database", id}});
            continue;
        }
        log::warning("removing an empty database that has no name", {{"database", id}});
        CO_TRY_VOID(co_await engine_.drop_database(id));
    }
    co_return Status();
}

Reply<void> Databases::read_names() {
    const storage::FindRequest request = everything_in(names_collection);
    EntrySink sink;
    CO_TRY_VOID(co_await engine_.find(request, sink));
    auto names = std::make_shared<Names>();
    for (DatabaseRef& entry : sink.entries) {
        if (quotas_ != nullptr) quotas_->place(entry->id, entry->workspace);
        names->emplace(Key(entry->workspace, entry->name), std::move(entry));
    }
    names_.publish(std::move(names));
    co_return Status();
}

void Databases::publish(const DatabaseRef& added, const DatabaseRef& removed) {
    std::lock_guard lock(changing_);
    auto next = std::make_shared<Names>(*names_.read());
    if (removed) next->erase(Key(removed->workspace, removed->name));
    if (added) next->insert_or_assign(Key(added->workspace, added->name), added);
    names_.publish(std::move(next));
}

Result<DatabaseRef> Databases::find(std::string_view workspace, std::string_view name) const {
    const auto names = names_.read();
    const auto found = names->find(Key(workspace, name));
    if (found == names->end()) return storage::database_not_found(name);
    if (found->second->missing) return storage::database_damaged("its store is missing");
    return found->second;
}

Result<DatabaseRef> Databases::find_by_id(std::string_view workspace, std::string_view id) const {
    const auto names = names_.read();
    for (auto at = names->lower_bound(Key(workspace, "")); at != names->end() && at->first.first == workspace;
         ++at) {
        if (at->second->id == id && !at->second->missing) return at->second;
    }
    return storage::database_not_found();
}

DatabaseRef Databases::find_by_id(std::string_view id) const {
    const auto names = names_.read();
    const auto found =
        std::find_if(names->begin(), names->end(), [&](const auto& named) { return named.second->id == id; });
    return found == names->end() || found->second->missing ? nullptr : found->second;
}

std::vector<DatabaseRef> Databases::all_of(std::string_view workspace) const {
    const auto names = names_.read();
    std::vector<DatabaseRef> found;
    for (auto at = names->lower_bound(Key(workspace, "")); at != names->end() && at->first.first == workspace;
         ++at) {
        if (!at->second->missing) found.push_back(at->second);
    }
    return found;
}

std::vector<std::string> Databases::missing() const {
    std::vector<std::string> ids;
    for (const auto& [key, entry] : *names_.read()) {
        if (entry->missing) ids.push_back(entry->id);
    }
    return ids;
}

std::size_t Databases::count() const { return names_.read()->size(); }

Reply<Once<DatabaseRef>> Databases::create(std::string workspace, std::string name, std::string actor,
                                           std::optional<storage::Idempotency> idempotency) {
    CO_TRY_VOID(check_name(name, "name"));
    const std::string id = new_engine_id();
    if (quotas_ != nullptr) quotas_->place(id, workspace);
    CO_TRY_VOID(co_await engine_.create_database(id));
    const std::string record = entry_record(id, workspace, name);
    storage::WriteBatch batch = system_batch(actor);
    batch.want_records = true;
    batch.idempotency = std::move(idempotency);
    batch.operations.push_back(storage::InsertRecord{names_collection, record});
    auto written = co_await engine_.write(batch);
    if (!written.ok() || written->replayed) {
        // A file that stays behind has no name and goes at the next start.
        (void)co_await engine_.drop_database(id);
        if (quotas_ != nullptr) quotas_->forget(id);
        if (!written.ok()) co_return taken(std::move(written).error(), name);
        co_return Once<DatabaseRef>{nullptr, true, std::move(written->answer)};
    }
    EntrySink sink;
    sink.row({json::View(written->operations.front().record), {}});
    publish(sink.entries.front(), nullptr);
    co_return Once<DatabaseRef>{sink.entries.front(), false, std::move(written->answer)};
}

Reply<void> Databases::drop(std::string workspace, std::string name, std::string actor) {
    const auto names = names_.read();
    const auto found = names->find(Key(workspace, name));
    if (found == names->end()) co_return storage::database_not_found(name);
    const DatabaseRef entry = found->second;
    CO_TRY(const std::vector<std::string> collections, co_await collections_of(entry->id));
    const std::vector<std::string> notes = drop_notes(*entry, collections);
    storage::WriteBatch batch = system_batch(actor);
    for (const std::string& note : notes)
        batch.operations.push_back(storage::InsertRecord{dropped_collection, note});
    batch.operations.push_back(storage::RemoveRecord{names_collection, entry->id, {}});
    auto written = co_await engine_.write(batch);
    if (!written.ok()) {
        Error error = std::move(written).error();
        if (error.code == ErrorCode::RECORD_NOT_FOUND) co_return storage::database_not_found(name);
        co_return error;
    }
    publish(nullptr, entry);
    std::vector<std::string> ids;
    for (const std::string& note : notes) ids.emplace_back(json::View(note).find("id")->as_string());
    co_return co_await drop_store(entry->id, std::move(ids));
}

Reply<DatabaseDescription> Databases::describe(DatabaseRef database) {
    CO_TRY(const storage::DatabaseInfo info, co_await engine_.describe_database(database->id));
    co_return DatabaseDescription{database, info};
}

Result<Listing> Databases::list(std::string_view workspace, const ListQuery& query,
                                const std::function<bool(std::string_view)>& shown) const {
    const auto names = names_.read();
    std::vector<std::string> rows;
    for (auto at = names->lower_bound(Key(workspace, "")); at != names->end() && at->first.first == workspace;
         ++at) {
        if (shown(at->first.second)) rows.push_back(database_text(*at->second, nullptr));
    }
    return list_rows(rows, query);
}

std::string database_text(const DatabaseEntry& entry, const storage::DatabaseInfo* info) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("name").string(entry.name);
    out.key("created_at").string(format_time(entry.created_ms));
    if (info != nullptr) {
        out.key("statistics").begin_object();
        out.key("collections").number(static_cast<std::int64_t>(info->collections));
        out.key("records").number(static_cast<std::int64_t>(info->records));
        out.key("record_bytes").number(static_cast<std::int64_t>(info->record_bytes));
        out.key("bytes_on_disk").number(static_cast<std::int64_t>(info->bytes_on_disk));
        out.end_object();
    }
    out.end_object();
    return text;
}

}  // namespace credvault::documents
