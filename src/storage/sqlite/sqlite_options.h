// What can be configured of the SQLite engine. Each field has a sensible default; app/ fills them from the
// configuration file. A plain value type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace credvault::storage {

struct SqliteOptions {
    std::string directory;  ///< Made if it is not there. One process holds it at a time.

    // Threads.
    unsigned worker_threads = 2;         ///< For scans, sorts and counts beyond the inline budget.
    unsigned writer_threads = 2;         ///< Each serves one database at a time.
    int worker_nice = 5;                 ///< Added to the workers' nice value, so that short reads go first.
    std::size_t max_queued_reads = 256;  ///< Waiting for a worker; beyond it OVERLOADED.

    // Reading.
    std::size_t inline_rows = 256;  ///< Records examined on the calling thread before a worker goes on.
    std::size_t inline_bytes = 256 * 1024;  ///< The same in bytes.
    std::size_t slice_rows = 5'000;         ///< Records examined in one read transaction of a worker …
    std::int64_t slice_ms = 10;             ///< … or the time it may take, whichever comes first.
    std::int64_t max_timeout_ms = 600'000;  ///< Caps WorkLimits::timeout_ms.
    std::size_t max_sort_bytes = 256 * 1024 * 1024;  ///< Caps WorkLimits::memory_bytes.

    // Writing.
    std::size_t max_queued_batches = 10'000;  ///< A database's; beyond it OVERLOADED.
    std::size_t max_queued_bytes =
        256 * 1024 * 1024;                  ///< Of a database's waiting batches; beyond it OVERLOADED.
    std::size_t group_operations = 10'000;  ///< One transaction takes up no more batches beyond these …
    std::size_t group_bytes = 16 * 1024 * 1024;  ///< … or these …
    std::int64_t group_ms = 50;                  ///< … or this time.
    std::int64_t chunk_ms = 20;                  ///< One step of background work (index builds, sweeping).
    std::size_t instant_index_records =
        1'000;                             ///< An index of a collection up to this size is ready at once.
    std::size_t max_collections = 10'000;  ///< Per database but the system's; beyond it LIMIT_EXCEEDED.
    std::size_t max_indexes = 64;          ///< Per collection; beyond it LIMIT_EXCEEDED.

    // Files.
    std::size_t max_open_databases = 1024;  ///< The least recently used one is closed beyond it.
    std::int64_t idle_close_ms = 60'000;    ///< A database unused for so long is closed (some few stay open).
    std::size_t page_bytes = 4096;          ///< Of new files: a power of two from 512 to 65536.
    std::size_t cache_bytes = 64 * 1024 * 1024;  ///< Page caches of all reading connections together …
    std::size_t connection_cache_bytes = 8 * 1024 * 1024;  ///< … and of one at most.
    std::size_t writer_cache_bytes =
        32 * 1024 * 1024;  ///< Of all writing connections; one gets at most half.
    std::size_t record_cache_bytes = 64 * 1024 * 1024;  ///< Records read lately; 0: none.
    std::size_t place_cache_bytes =
        32 * 1024 * 1024;  ///< Remembering where records lie, 16 each; 0: not at all.
    std::int64_t checkpoint_bytes = 16 * 1024 * 1024;  ///< A write-ahead log of this size is checkpointed.
    std::int64_t max_log_bytes = 64 * 1024 * 1024;     ///< Beyond it commits wait until the log starts anew.

    // The change log of a database: what is kept …
    std::size_t max_changes = 1'000'000;                            ///< … at most in rows …
    std::size_t max_change_bytes = std::size_t{1} << 30;            ///< … and bytes …
    std::int64_t max_change_age_ms = std::int64_t{7} * 86'400'000;  ///< … and for how long …
    std::size_t held_changes = 4'000'000;                           ///< … and at most for live consumers.
    std::size_t held_change_bytes = std::size_t{4} << 30;

    // Background work.
    std::int64_t upkeep_ms = 60'000;  ///< Between two looks at what can be removed from a database.
    std::int64_t ttl_ms = 30'000;     ///< Between two looks for records that have expired.
    bool secure_delete = false;       ///< Overwrite what is deleted with zeros.
    std::string vfs =
        "unix-excl";  ///< SQLite's file layer: locks within the process, index of the log in memory.
};

}  // namespace credvault::storage
