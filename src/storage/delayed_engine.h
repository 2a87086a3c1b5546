// An engine around another that answers every call later and from another thread: proof that nothing above assumes
// ready answers. The engine inside is called from a thread of this one's own; each answer is held back for a random
// time of up to 2 ms. For tests. Thread-safe; the engine inside must outlive it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "base/run_loop.h"
#include "storage/engine.h"

namespace credvault::storage {

class DelayedEngine final : public Engine {
public:
    explicit DelayedEngine(Engine& inner, std::uint64_t seed = 1);
    /// Precondition: no reply is awaited.
    ~DelayedEngine() override;

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
    void set_record_rules(const RecordRules* rules) override { inner_.set_record_rules(rules); }
    void set_quotas(Quotas* quotas) override { inner_.set_quotas(quotas); }
    void set_commit_listener(CommitListener* listener) override { inner_.set_commit_listener(listener); }
    void hold_changes(std::string_view database, std::optional<std::uint64_t> position) override {
        inner_.hold_changes(database, position);
    }
    std::vector<StoreHealth> health() const override { return inner_.health(); }
    EngineMetrics metrics() const override { return inner_.metrics(); }
    void stop() override { inner_.stop(); }

private:
    using Time = std::chrono::steady_clock::time_point;

    /// Makes the call on the calling thread and passes its answer on through the answering one.
    template <class T, class Call>
    Reply<T> later(Call call);
    void run_calls(std::promise<RunLoop*> started);
    void run_answers();
    void hold_back(std::function<void()> answer);

    Engine& inner_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::multimap<Time, std::function<void()>> answers_;
    std::mt19937_64 random_;
    bool stopping_ = false;
    RunLoop* calls_ = nullptr;  ///< Belongs to the calling thread.
    std::thread calling_;
    std::thread answering_;
};

}  // namespace credvault::storage
