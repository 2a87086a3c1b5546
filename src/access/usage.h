// How much was used: requests by day, class and key, as records of the events database. A thread adds what the meters
// have counted every few seconds, and once more at stop(); what was counted since is lost in a crash. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "access/meters.h"
#include "base/reply.h"
#include "base/run_loop.h"
#include "storage/engine.h"

namespace credvault::access {

struct UsageSettings {
    std::int64_t flush_ms = 5'000;
    std::int64_t keep_days = 400;
};

/// Which usage is asked for, and by what it is told apart.
struct UsageQuery {
    std::string workspace;
    std::string from, to;  ///< Days, "2026-01-31", both included.
    std::string key;       ///< Of one key or user alone; empty: of all.
    bool by_day = true;
    bool by_class = false;
    bool by_key = false;
};

struct UsageRow {
    std::string day, of_class, key;  ///< Empty where it was not told apart.
    CallCounts counts;
};

constexpr std::size_t max_usage_rows = 10'000;

class Usage {
public:
    /// Both must outlive it.
    Usage(storage::Engine& engine, Meters& meters, const UsageSettings& settings);
    ~Usage();

    /// Makes the collection and begins to write. The events database must be there.
    Reply<void> open();
    /// Writes what is left; before the engine stops.
    void stop();

    /// Writes what has been counted until now. Fails as Engine::write does; what was not written is kept.
    Reply<void> flush();
    /// By day, class and key, ascending; what has been counted until now is in it. Fails with LIMIT_EXCEEDED for more
    /// than max_usage_rows, and as Engine::find does.
    Reply<std::vector<UsageRow>> read(UsageQuery query);

private:
    struct Part {
        std::string workspace, day, subject;
        CallClass of;
        CallCounts counts;
    };
    using Parts = std::unordered_map<std::string, Part>;  ///< By the record's id.

    void keep_writing();
    Parts gather();
    void put_back(Parts parts);
    Reply<void> write(Parts& parts);

    storage::Engine& engine_;
    Meters& meters_;
    const UsageSettings settings_;
    std::mutex mutex_;
    Parts unwritten_;
    std::atomic<bool> stopping_{false};
    std::mutex thread_mutex_;
    RunLoop* loop_ = nullptr;  ///< The thread's; under thread_mutex_.
    std::thread thread_;
};

/// "2026-01-31", of a time in milliseconds.
std::string day_of(std::int64_t ms);

}  // namespace credvault::access
