// The writer of one database: takes the batches that wait and commits them together, with one flush to the disk for the
// group; then does a step of background work. A batch that fails by its own fault is undone alone; when the store fails
// the group is undone and each batch tried by itself, or all are failed. A batch is answered only when it is durable.
// One thread at a time serves (WriterPool); requests may come from any.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "storage/sqlite/batch_writer.h"
#include "storage/sqlite/chore.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/turn.h"
#include "storage/sqlite/write_queue.h"
#include "storage/sqlite/write_transaction.h"

namespace credvault::storage {

class Database;

class GroupWriter {
public:
    struct Start {
        std::int64_t last_sequence = 0;
        std::vector<std::string> last_ids;  ///< Of the newest records, so that new ones are greater.
        std::vector<ChoreRequest> chores;
    };
    GroupWriter(Database& database, Start start);
    ~GroupWriter();

    /// One turn: a group of batches, then a step of background work. True: background work is left.
    bool serve();
    /// Asks for a round of upkeep at the next turn, where something was written since the last one.
    void request_upkeep() {
        if (written_.exchange(false)) upkeep_wanted_ = true;
    }
    /// Asks for a round over the records that may have expired.
    void request_ttl_sweep() { ttl_wanted_ = true; }
    bool has_chores() const { return chores_left_ || upkeep_wanted_ || ttl_wanted_; }
    /// Bytes in the write-ahead log after the last commit; what of it was checkpointed still counts.
    std::int64_t log_bytes() const { return log_bytes_; }
    /// Those of them that have not been checkpointed.
    std::int64_t unmoved_log_bytes() const;
    /// All of the log has been checkpointed. Call while holding turn().
    void note_checkpoint() { moved_log_bytes_ = log_bytes_.load(); }
    /// Held during a turn. Who holds it keeps the database from being written.
    Turn& turn() { return turn_; }

private:
    struct Taken {
        PendingWrite pending;
        Result<WriteOutcome> result;
    };

    Status connect();
    Status repair();
    Status begin();
    void roll_back();
    void run_group();
    Status fill_group(std::vector<Taken>& group);
    bool has_room(const std::vector<Taken>& group, std::int64_t started_ns) const;
    Status apply(Taken& taken);
    Status undo(const WriteTransaction::State& mark, bool savepoint, bool checked_first);
    Status commit(std::size_t operations);
    void publish();
    void tell_listener();
    void publish_flags();
    void replay(std::vector<Taken>& group);
    void fail(std::vector<Taken>& group, const Error& error);
    void fail_waiting(const Error& error);
    void run_chore();
    void note(const Error& error);
    static int on_commit(void* writer, sqlite3* connection, const char* schema, int frames);

    Database& database_;
    Turn turn_;
    std::unique_ptr<Connection> connection_;
    UlidGenerator ulids_;
    std::int64_t last_sequence_;
    std::optional<WriteTransaction> transaction_;
    bool untouched_ = true;  ///< The transaction has written nothing yet.
    BatchWriter batches_;
    std::deque<std::unique_ptr<Chore>> chores_;
    std::int64_t chores_from_ns_ = 0;  ///< After a failure background work waits a while.
    bool repair_needed_ = false;
    std::uint64_t failures_ = 0;  ///< Since one was logged.
    std::int64_t failure_logged_ns_ = -1'000'000'000;
    CacheGrant cache_;
    std::int64_t page_bytes_ = 0;
    std::atomic<bool> written_{false};  ///< Since the last upkeep.
    std::atomic<bool> upkeep_wanted_{false};
    std::atomic<bool> ttl_wanted_{false};
    std::weak_ptr<const bool> ttl_running_;
    std::atomic<bool> chores_left_{false};
    std::atomic<std::int64_t> log_bytes_{0};
    std::atomic<std::int64_t> moved_log_bytes_{0};
};

}  // namespace credvault::storage
