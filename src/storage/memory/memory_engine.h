// The engine that keeps everything in memory: the oracle that other engines are compared with, and the store of tests
// that need no files. Simple before fast: a question looks at every record, a lock is held by everyone, nothing is
// durable. Answers at once. Thread-safe.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>

#include "storage/engine.h"
#include "storage/memory/memory_database.h"

namespace credvault::storage {

class MemoryEngine final : public Engine {
public:
    MemoryEngine();

    Reply<std::vector<std::string>> list_databases() override;
    Reply<void> create_database(std::string_view database) override;
    Reply<void> drop_database(std::string_view database) override;
    Reply<DatabaseInfo> describe_database(std::string_view database) override;
    Reply<std::vector<CollectionInfo>> list_collections(std::string_view database) override;
    Reply<CollectionInfo> describe_collection(std::string_view database,
                                              std::string_view collection) override;
    Reply<bool> get(const RecordKey& key, RowSink& sink) override;
    Reply<FindResult> find(const FindRequest& request, RowSink& sink) override;
    Reply<CountResult> count(const CountRequest& request) override;
    Reply<WriteOutcome> write(const WriteBatch& batch) override;
    Reply<ChangesPage> changes(const ChangesRequest& request) override;
    void set_record_rules(const RecordRules* rules) override { rules_ = rules; }
    void set_quotas(Quotas* quotas) override { quotas_ = quotas; }
    void set_commit_listener(CommitListener* listener) override;
    void hold_changes(std::string_view, std::optional<std::uint64_t>) override {}  // Nothing is ever trimmed.
    std::vector<StoreHealth> health() const override;
    EngineMetrics metrics() const override;
    void stop() override;

private:
    // The mutex is held by the callers of these.
    Status check_running() const;
    static void expire(MemoryDatabase& database);
    Result<MemoryDatabase*> database(std::string_view name);
    Result<MemoryCollection*> collection(std::string_view database_name, std::string_view name);

    mutable std::mutex mutex_;
    std::map<std::string, MemoryDatabase, std::less<>> databases_;
    EngineMetrics metrics_;
    std::atomic<CommitListener*> listener_{nullptr};
    std::atomic<const RecordRules*> rules_{nullptr};
    std::atomic<Quotas*> quotas_{nullptr};
    bool stopped_ = false;
};

}  // namespace credvault::storage
