// The engine that keeps everything in memory: the oracle that other engines are compared with, and the store of tests
// that need no files. Simple before fast: a question looks at every record, a lock is held by everyone, nothing is
// durable. Answers at once. Thread-safe.
#pragma once

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
    std::vector<StoreHealth> health() const override;
    EngineMetrics metrics() const override;
    void stop() override;

private:
    // The mutex is held by the callers of these.
    Status check_running() const;
    Result<MemoryDatabase*> database(std::string_view name);
    Result<MemoryCollection*> collection(std::string_view database_name, std::string_view name);

    mutable std::mutex mutex_;
    std::map<std::string, MemoryDatabase, std::less<>> databases_;
    EngineMetrics metrics_;
    bool stopped_ = false;
};

}  // namespace credvault::storage
