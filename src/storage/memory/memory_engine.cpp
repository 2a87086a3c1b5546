#include "storage/memory/memory_engine.h"

#include <utility>

#include "base/clock.h"
#include "storage/errors.h"
#include "storage/memory/memory_changes.h"
#include "storage/memory/memory_query.h"
#include "storage/platform.h"

namespace credvault::storage {
namespace {}

MemoryEngine::MemoryEngine() { databases_.try_emplace(std::string(system_database)); }

Status MemoryEngine::check_running() const {
    if (stopped_) return shutting_down();
    return {};
}

/// Whoever asks removes what has expired, now and then.
void MemoryEngine::expire(MemoryDatabase& database) {
    constexpr std::int64_t between_ms = 100;
    const std::int64_t now = now_ms();
    if (now - database.expired_ms < between_ms) return;
    database.expired_ms = now;
    database.expire(now);
}

Result<MemoryDatabase*> MemoryEngine::database(std::string_view name) {
    TRY_VOID(check_running());
    const auto found = databases_.find(name);
    if (found == databases_.end()) return database_not_found();
    expire(found->second);
    return &found->second;
}

Result<MemoryCollection*> MemoryEngine::collection(std::string_view database_name, std::string_view name) {
    TRY(MemoryDatabase* const within, database(database_name));
    MemoryCollection* const found = within->find(name);
    if (found == nullptr) return collection_not_found(name);
    return found;
}

Reply<std::vector<std::string>> MemoryEngine::list_databases() {
    std::lock_guard lock(mutex_);
    TRY_VOID(check_running());
    std::vector<std::string> names;
    for (const auto& [name, database] : databases_) {
        if (name != system_database) names.push_back(name);
    }
    return names;
}

Reply<void> MemoryEngine::create_database(std::string_view database) {
    std::lock_guard lock(mutex_);
    TRY_VOID(check_running());
    const auto [made, is_new] = databases_.try_emplace(std::string(database));
    if (!is_new) return database_exists();
    if (Quotas* const quotas = quotas_) {
        made->second.allowance = quotas->allowance(database);
        made->second.allowance->set({});
    }
    return Status();
}

Reply<void> MemoryEngine::drop_database(std::string_view name) {
    {
        std::lock_guard lock(mutex_);
        TRY_VOID(database(name));
        databases_.erase(databases_.find(name));
    }
    if (CommitListener* const listener = listener_) listener->committed(name);
    return Status();
}

Reply<DatabaseInfo> MemoryEngine::describe_database(std::string_view name) {
    std::lock_guard lock(mutex_);
    TRY(const MemoryDatabase* const found, database(name));
    return found->info();
}

Reply<std::vector<CollectionInfo>> MemoryEngine::list_collections(std::string_view name) {
    std::lock_guard lock(mutex_);
    TRY(const MemoryDatabase* const found, database(name));
    return found->list();
}

Reply<CollectionInfo> MemoryEngine::describe_collection(std::string_view database_name,
                                                        std::string_view name) {
    std::lock_guard lock(mutex_);
    TRY(const MemoryCollection* const found, collection(database_name, name));
    return found->info(name);
}

Reply<bool> MemoryEngine::get(const RecordKey& key, RowSink& sink) {
    MemoryRecord copy;
    {
        std::lock_guard lock(mutex_);
        TRY(const MemoryCollection* const found, collection(key.database, key.collection));
        ++metrics_.inline_reads;
        const MemoryRecord* const record = found->find(key.id);
        if (record == nullptr) return false;
        copy = *record;
    }
    sink.row({copy.view(), copy.revision()});
    return true;
}

Reply<FindResult> MemoryEngine::find(const FindRequest& request, RowSink& sink) {
    std::unique_lock lock(mutex_);
    TRY(const MemoryCollection* const found, collection(request.database, request.collection));
    ++metrics_.inline_reads;
    TRY(MemoryAnswer answer, MemoryAnswer::make(*found, request));
    lock.unlock();
    return std::move(answer).deliver(request, sink);
}

Reply<CountResult> MemoryEngine::count(const CountRequest& request) {
    std::lock_guard lock(mutex_);
    TRY(const MemoryCollection* const found, collection(request.database, request.collection));
    ++metrics_.inline_reads;
    return count_in(*found, request);
}

Reply<WriteOutcome> MemoryEngine::write(const WriteBatch& batch) {
    std::unique_lock lock(mutex_);
    TRY(MemoryDatabase* const found, database(batch.database));
    const std::uint64_t before = found->last_change;
    found->rules = rules_;
    found->listener = listener_;
    Result<WriteOutcome> outcome = found->write(batch, now_ms());
    if (!outcome.ok()) return outcome;
    ++metrics_.commits;
    metrics_.commit_operations += batch.operations.size();
    const bool logged = found->last_change != before;
    lock.unlock();
    CommitListener* const listener = listener_;
    if (logged && listener != nullptr) listener->committed(batch.database);
    return outcome;
}

Reply<ChangesPage> MemoryEngine::changes(const ChangesRequest& request) {
    std::lock_guard lock(mutex_);
    TRY(const MemoryDatabase* const found, database(request.database));
    return read_changes(*found, request);
}

void MemoryEngine::set_commit_listener(CommitListener* listener) { listener_ = listener; }

std::vector<StoreHealth> MemoryEngine::health() const {
    std::lock_guard lock(mutex_);
    std::vector<StoreHealth> stores;
    for (const auto& [name, database] : databases_) stores.push_back({name, true, {}});
    return stores;
}

EngineMetrics MemoryEngine::metrics() const {
    std::lock_guard lock(mutex_);
    EngineMetrics now = metrics_;
    now.open_databases = databases_.size();
    return now;
}

void MemoryEngine::stop() {
    std::lock_guard lock(mutex_);
    stopped_ = true;
}

}  // namespace credvault::storage
