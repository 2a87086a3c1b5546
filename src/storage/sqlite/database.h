// One open database: its file, what is in it, the reading connections of the threads that use it, and its writer. Held
// by shared pointers; whoever works with it keeps one, and the last one to go closes the file. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"
#include "storage/sqlite/catalog.h"
#include "storage/sqlite/context.h"
#include "storage/sqlite/group_writer.h"
#include "storage/sqlite/read_session.h"
#include "storage/sqlite/thread_slot.h"
#include "storage/sqlite/write_queue.h"

namespace credvault::storage {

class Database : public std::enable_shared_from_this<Database> {
public:
    /// Opens a file that create_file made, recovering what its log holds. Fails with DATABASE_DAMAGED,
    /// STORAGE_UNAVAILABLE and the other errors of the store.
    static Result<std::shared_ptr<Database>> open(std::string id, std::string path, Context& context);
    /// Moves the log into the file and closes it.
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    const std::string& id() const { return id_; }
    const std::string& path() const { return path_; }
    Context& context() { return context_; }

    /// The calling thread's session; the pointer is good as long as the database. Fails where usable() does.
    Result<ReadSession*> session();

    std::shared_ptr<const Catalog> catalog() const;
    /// What this database's records go by in the cache of records.
    std::uint64_t record_cache_number() const { return record_cache_number_.load(std::memory_order_acquire); }
    /// For when nobody knows what was committed: nothing that was kept of it is read any more.
    void forget_cached_records() { record_cache_number_ = context_.records.number_database(); }
    /// Rises with each new catalog.
    std::uint64_t generation() const { return generation_.load(std::memory_order_acquire); }
    void publish(std::shared_ptr<const Catalog> catalog);
    /// Null: nobody counts.
    const std::shared_ptr<Allowance>& allowance() const { return allowance_; }
    /// Rises with each commit, before anybody is told of it.
    std::uint64_t commits() const { return commits_.load(std::memory_order_acquire); }
    void note_commit() { commits_.fetch_add(1, std::memory_order_acq_rel); }

    /// Fails with DATABASE_DAMAGED or, once it is dropped, DATABASE_NOT_FOUND.
    Status usable() const;
    /// Takes an error that this database's file gave: damage is remembered. Returns the error.
    Error note(Error error);
    /// From now on usable() and the queue answer with this error.
    void retire(const Error& why);

    /// Changes behind this position are wanted by live consumers; INT64_MAX where there are none.
    std::int64_t held_position() const { return held_position_.load(std::memory_order_relaxed); }
    void hold_changes(std::int64_t position) { held_position_.store(position, std::memory_order_relaxed); }

    WriteQueue& queue() { return queue_; }
    GroupWriter& writer() { return *writer_; }

private:
    Database(std::string id, std::string path, Context& context);
    Status load();

    const std::string id_;
    const std::string path_;
    Context& context_;
    mutable std::mutex mutex_;  ///< Over the catalog's pointer, the retirement and the making of sessions.
    std::shared_ptr<const Catalog> catalog_;
    std::shared_ptr<Allowance> allowance_;
    std::atomic<std::uint64_t> generation_{0};
    std::atomic<std::uint64_t> commits_{1};
    std::atomic<std::uint64_t> record_cache_number_;
    std::atomic<std::int64_t> held_position_{INT64_MAX};
    std::atomic<bool> retired_{false};
    std::optional<Error> retirement_;
    std::array<std::atomic<ReadSession*>, max_thread_slots> sessions_{};
    WriteQueue queue_;
    std::unique_ptr<GroupWriter> writer_;
};

}  // namespace credvault::storage
