// What all parts of one engine share: its options, its counters for /metrics and how much memory each connection's page
// cache may take. Thread-safe; outlives everything that refers to it.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/clock.h"
#include "storage/changes.h"
#include "storage/quota.h"
#include "storage/record_rules.h"
#include "storage/sqlite/cache_budget.h"
#include "storage/sqlite/record_cache.h"
#include "storage/sqlite/record_places.h"
#include "storage/sqlite/sqlite_options.h"

namespace credvault::storage {

struct Counters {
    std::atomic<std::uint64_t> commits{0};
    std::atomic<std::uint64_t> commit_failures{0};
    std::atomic<std::uint64_t> commit_operations{0};
    std::atomic<std::uint64_t> commit_ns{0};
    std::atomic<std::uint64_t> cached_reads{0};
    std::atomic<std::uint64_t> inline_reads{0};
    std::atomic<std::uint64_t> pool_reads{0};
    std::atomic<std::uint64_t> write_queue{0};
    std::atomic<std::uint64_t> checkpoints{0};
    std::atomic<std::uint64_t> cache_bytes{0};
};

struct Context {
    explicit Context(SqliteOptions given)
        : options(std::move(given)),
          reader_caches(options.cache_bytes, 64 * 1024, options.connection_cache_bytes),
          writer_caches(options.writer_cache_bytes, 256 * 1024, options.writer_cache_bytes / 2),
          records(options.record_cache_bytes),
          places(options.place_cache_bytes) {}

    const SqliteOptions options;
    Counters counters;
    CacheBudget reader_caches;
    CacheBudget writer_caches;
    RecordCache records;
    const RecordPlaces places;
    std::atomic<CommitListener*> commit_listener{nullptr};
    std::atomic<const RecordRules*> record_rules{nullptr};
    std::atomic<Quotas*> quotas{nullptr};
    std::atomic<bool> stopping{false};
    const std::int64_t started_ms = now_ms();
};

}  // namespace credvault::storage
