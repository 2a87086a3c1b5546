// How much was used: requests and how long they took, by day and by hour, class and key, and what was stored, as
// records of the events database. A thread adds what the meters have counted every few seconds, and once more at
// stop(); what was counted since is lost in a crash. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "access/meters.h"
#include "access/storage_history.h"
#include "access/usage_record.h"
#include "base/reply.h"
#include "base/run_loop.h"
#include "storage/engine.h"

namespace credvault::access {

struct UsageSettings {
    std::int64_t flush_ms = 5'000;
    std::int64_t keep_days = 400;
    std::int64_t keep_hours = 192;  ///< What is told by the hour.
};

/// Which usage is asked for, and by what it is told apart.
struct UsageQuery {
    std::string workspace;
    std::string from, to;  ///< Days, "2026-01-31", both included.
    std::string key;       ///< Of one key or user alone; empty: of all.
    bool by_day = true;
    bool by_hour = false;  ///< Tells days apart, too; of the last keep_hours.
    bool by_class = false;
    bool by_key = false;

    bool by_time() const { return by_day || by_hour; }
    /// What is stored is no key's and no class's.
    bool of_all() const { return !by_class && !by_key && key.empty(); }
};

struct UsageRow {
    /// A day or an hour's beginning, as UsageSlot has it. Empty, as the others, where it was not told apart.
    std::string period;
    std::string of_class, key;
    CallUse use;
    std::optional<storage::Stock> stored;  ///< At the period's end, where it is known.
};

constexpr std::size_t max_usage_rows = 10'000;

class Usage {
public:
    /// All must outlive it.
    Usage(storage::Engine& engine, Meters& meters, Allotments& allotments, const UsageSettings& settings);
    ~Usage();

    /// Makes the collections and begins to write. The events database must be there.
    Reply<void> open();
    /// Writes what is left; before the engine stops.
    void stop();

    /// Writes what has been counted until now. Fails as Engine::write does; what was not written is kept.
    Reply<void> flush();
    /// By period, class and key, ascending; what has been counted until now is in it. Where it is of all keys and
    /// classes, every period since which it is known what was stored has a row. Fails with LIMIT_EXCEEDED for more than
    /// max_usage_rows, and as Engine::find does.
    Reply<std::vector<UsageRow>> read(UsageQuery query);

private:
    struct Part {
        UsageSlot slot;
        CallUse use;
    };
    using Parts = std::unordered_map<std::string, Part>;  ///< By the record's id.
    using Rows = std::map<std::tuple<std::string, std::string, std::string>, UsageRow>;

    void keep_writing();
    void write_down(RunLoop& loop);
    Parts gather();
    void put_back(Parts parts);
    Reply<void> write(Parts& parts);
    Reply<void> add_stored(const UsageQuery& query, Rows& rows);

    storage::Engine& engine_;
    Meters& meters_;
    Allotments& allotments_;
    const UsageSettings settings_;
    StorageHistory storage_;  ///< Noted by the thread alone.
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
