#include "storage/restricted_engine.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "storage/errors.h"
#include "storage/restricted_batch.h"
#include "storage/restricted_changes.h"
#include "storage/restricted_reads.h"

namespace credvault::storage {

RestrictedEngine::Handle::~Handle() {
    std::unique_lock lock(handles_->mutex);
    handles_->opened.erase(id_);
}

RestrictedEngine::HandleRef RestrictedEngine::open(std::string database, NarrowingRef narrowing) {
    auto opened = std::make_shared<const Opened>(Opened{std::move(database), std::move(narrowing)});
    std::string id(handle_prefix);
    {
        std::unique_lock lock(handles_->mutex);
        id += std::to_string(handles_->next++);
        handles_->opened.emplace(id, std::move(opened));
    }
    return std::make_shared<const Handle>(handles_, std::move(id));
}

RestrictedEngine::OpenedRef RestrictedEngine::opened(std::string_view handle) const {
    std::shared_lock lock(handles_->mutex);
    const auto found = handles_->opened.find(std::string(handle));
    return found == handles_->opened.end() ? nullptr : found->second;
}

Reply<void> RestrictedEngine::create_database(std::string_view database) {
    if (is_handle(database)) return database_exists();
    return inner_.create_database(database);
}

Reply<void> RestrictedEngine::drop_database(std::string_view database) {
    // Dropping goes by the database's own id, once the caller is known to see all of it.
    if (is_handle(database)) return database_not_found();
    return inner_.drop_database(database);
}

void RestrictedEngine::hold_changes(std::string_view database, std::optional<std::uint64_t> position) {
    if (!is_handle(database)) inner_.hold_changes(database, position);
}

Reply<DatabaseInfo> RestrictedEngine::describe_database(std::string_view database) {
    if (!is_handle(database)) [[likely]]
        return inner_.describe_database(database);
    OpenedRef in = opened(database);
    if (!in) return database_not_found();
    return describe_narrowed(std::move(in));
}

Reply<std::vector<CollectionInfo>> RestrictedEngine::list_collections(std::string_view database) {
    if (!is_handle(database)) [[likely]]
        return inner_.list_collections(database);
    OpenedRef in = opened(database);
    if (!in) return database_not_found();
    return list_narrowed(std::move(in));
}

Reply<CollectionInfo> RestrictedEngine::describe_collection(std::string_view database,
                                                            std::string_view collection) {
    if (!is_handle(database)) [[likely]]
        return inner_.describe_collection(database, collection);
    OpenedRef in = opened(database);
    if (!in) return database_not_found();
    TRY_VOID(in->narrowing->check(collection));
    if (!in->narrowing->of(collection).narrows()) return inner_.describe_collection(in->database, collection);
    return describe_narrowed(std::move(in), std::string(collection));
}

Reply<bool> RestrictedEngine::get(const RecordKey& key, RowSink& sink) {
    if (!is_handle(key.database)) [[likely]]
        return inner_.get(key, sink);
    OpenedRef in = opened(key.database);
    if (!in) return database_not_found();
    TRY_VOID(in->narrowing->check(key.collection));
    return get_narrowed(std::move(in), key, sink);
}

Reply<FindResult> RestrictedEngine::find(const FindRequest& request, RowSink& sink) {
    if (!is_handle(request.database)) [[likely]]
        return inner_.find(request, sink);
    OpenedRef in = opened(request.database);
    if (!in) return database_not_found();
    TRY_VOID(in->narrowing->check(request.collection));
    return find_narrowed(std::move(in), request, sink);
}

Reply<CountResult> RestrictedEngine::count(const CountRequest& request) {
    if (!is_handle(request.database)) [[likely]]
        return inner_.count(request);
    OpenedRef in = opened(request.database);
    if (!in) return database_not_found();
    TRY_VOID(in->narrowing->check(request.collection));
    return count_narrowed(std::move(in), request);
}

Reply<WriteOutcome> RestrictedEngine::write(const WriteBatch& batch) {
    if (!is_handle(batch.database)) [[likely]]
        return inner_.write(batch);
    OpenedRef in = opened(batch.database);
    if (!in) return database_not_found();
    return write_narrowed(std::move(in), batch);
}

Reply<ChangesPage> RestrictedEngine::changes(const ChangesRequest& request) {
    if (!is_handle(request.database)) [[likely]]
        return inner_.changes(request);
    OpenedRef in = opened(request.database);
    if (!in) return database_not_found();
    if (!request.collection.empty()) TRY_VOID(in->narrowing->check(request.collection));
    return changes_narrowed(std::move(in), request);
}

Reply<bool> RestrictedEngine::get_narrowed(OpenedRef in, const RecordKey& key, RowSink& sink) {
    const RecordKey stored{in->database, key.collection, key.id};
    NarrowingSink narrowed(in->narrowing->of(key.collection), sink);
    CO_TRY_VOID(co_await inner_.get(stored, narrowed));
    co_return narrowed.given() > 0;
}

Reply<FindResult> RestrictedEngine::find_narrowed(OpenedRef in, const FindRequest& request, RowSink& sink) {
    const RecordNarrowing& narrowing = in->narrowing->of(request.collection);
    FindRequest stored = request;
    stored.database = in->database;
    if (!narrowing.narrows()) co_return co_await inner_.find(stored, sink);
    stored.filter = narrowing.narrowed(request.filter);
    stored.sort = narrowing.blinded(request.sort);
    NarrowingSink narrowed(narrowing, sink);
    Result<FindResult> found = co_await inner_.find(stored, narrowed);
    if (!found.ok()) co_return discreet(std::move(found).error(), narrowing);
    make_discreet(found->stats, narrowing, found->stats.returned);
    co_return found;
}

Reply<CountResult> RestrictedEngine::count_narrowed(OpenedRef in, const CountRequest& request) {
    const RecordNarrowing& narrowing = in->narrowing->of(request.collection);
    CountRequest stored = request;
    stored.database = in->database;
    stored.filter = narrowing.narrowed(request.filter);
    Result<CountResult> counted = co_await inner_.count(stored);
    if (!counted.ok()) co_return discreet(std::move(counted).error(), narrowing);
    make_discreet(counted->stats, narrowing, counted->count);
    co_return counted;
}

/// Statistics of what is seen; without those that would tell of the rest.
Reply<void> RestrictedEngine::narrow_info(const Opened& in, CollectionInfo& info) {
    const RecordNarrowing& narrowing = in.narrowing->of(info.name);
    hide_definitions(info, narrowing);
    if (!narrowing.has_rows()) co_return Status();
    CountRequest request;
    request.database = in.database;
    request.collection = info.name;
    request.filter = narrowing.narrowed({});
    CO_TRY(const CountResult counted, co_await inner_.count(request));
    info.records = counted.count;
    co_return Status();
}

Reply<std::vector<CollectionInfo>> RestrictedEngine::list_narrowed(OpenedRef in) {
    CO_TRY(std::vector<CollectionInfo> all, co_await inner_.list_collections(in->database));
    std::erase_if(all, [&](const CollectionInfo& info) { return !in->narrowing->allows(info.name); });
    for (CollectionInfo& info : all) {
        if (in->narrowing->of(info.name).narrows()) CO_TRY_VOID(co_await narrow_info(*in, info));
    }
    co_return all;
}

Reply<DatabaseInfo> RestrictedEngine::describe_narrowed(OpenedRef in) {
    CO_TRY(const std::vector<CollectionInfo> seen, co_await list_narrowed(in));
    DatabaseInfo info;
    info.collections = seen.size();
    for (const CollectionInfo& collection : seen) {
        info.records += collection.records;
        info.record_bytes += collection.record_bytes;
    }
    co_return info;
}

Reply<CollectionInfo> RestrictedEngine::describe_narrowed(OpenedRef in, std::string collection) {
    CO_TRY(CollectionInfo info, co_await inner_.describe_collection(in->database, collection));
    CO_TRY_VOID(co_await narrow_info(*in, info));
    co_return info;
}

Reply<WriteOutcome> RestrictedEngine::write_narrowed(OpenedRef in, const WriteBatch& batch) {
    RestrictedBatch restricted(in->database, *in->narrowing, batch);
    CO_TRY_VOID(restricted.translate());
    Result<WriteOutcome> outcome = co_await inner_.write(restricted.stored());
    if (!outcome.ok()) co_return restricted.discreet(std::move(outcome).error());
    co_return restricted.shown(std::move(outcome).value());
}

Reply<ChangesPage> RestrictedEngine::changes_narrowed(OpenedRef in, const ChangesRequest& request) {
    ChangesRequest stored = request;
    stored.database = in->database;
    // Asked where the log stands, somebody is about to follow a collection.
    if (request.limit == 0 && !request.collection.empty() &&
        in->narrowing->of(request.collection).has_rows()) {
        const auto info = co_await inner_.describe_collection(in->database, request.collection);
        if (info.ok() && change_images(info->options) != ChangeImages::Both) co_return images_needed();
    }
    const bool rows = has_rows(*in->narrowing, request.collection);
    stored.images |= rows;
    stored.current |= rows;
    Result<ChangesPage> page = co_await inner_.changes(stored);
    if (page.ok()) narrow_changes(*page, *in->narrowing, request);
    co_return page;
}

}  // namespace credvault::storage
