// What all parts of one engine share: its options, its counters for /metrics and how much memory each connection's page
// cache may take. Thread-safe; outlives everything that refers to it.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "base/clock.h"
#include "storage/changes.h"
#include "storage/quota.h"
#include "storage/record_rules.h"
#include "storage/sqlite/sqlite_options.h"

namespace credvault::storage {

struct Counters {
    std::atomic<std::uint64_t> commits{0};
    std::atomic<std::uint64_t> commit_failures{0};
    std::atomic<std::uint64_t> commit_operations{0};
    std::atomic<std::uint64_t> commit_ns{0};
    std::atomic<std::uint64_t> inline_reads{0};
    std::atomic<std::uint64_t> pool_reads{0};
    std::atomic<std::uint64_t> write_queue{0};
    std::atomic<std::uint64_t> checkpoints{0};
    std::atomic<std::uint64_t> cache_bytes{0};
};

/// Divides a number of bytes among connections that come and go.
class CacheBudget {
public:
    CacheBudget(std::size_t total, std::size_t most) : total_(total), most_(most) {}
    void join() { ++connections_; }
    void leave() { --connections_; }
    std::size_t share() const {
        const std::size_t connections =
            std::max<std::size_t>(1, connections_.load(std::memory_order_relaxed));
        return std::clamp<std::size_t>(total_ / connections, least, std::max(least, most_));
    }

private:
    static constexpr std::size_t least = 64 * 1024;
    const std::size_t total_;
    const std::size_t most_;
    std::atomic<std::size_t> connections_{0};
};

struct Context {
    explicit Context(SqliteOptions given)
        : options(std::move(given)),
          reader_caches(options.cache_bytes, options.connection_cache_bytes),
          writer_caches(options.writer_cache_bytes, options.writer_cache_bytes / 2) {}

    const SqliteOptions options;
    Counters counters;
    CacheBudget reader_caches;
    CacheBudget writer_caches;
    std::atomic<CommitListener*> commit_listener{nullptr};
    std::atomic<const RecordRules*> record_rules{nullptr};
    std::atomic<Quotas*> quotas{nullptr};
    std::atomic<bool> stopping{false};
    const std::int64_t started_ms = now_ms();
};

}  // namespace credvault::storage
