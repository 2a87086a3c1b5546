// The batches that wait for one database's writer, in their order, with bounds on their number and size. It also keeps
// whether the database stands in the line for a writer thread, so that one thread serves it at a time. Thread-safe.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "base/reply.h"
#include "storage/sqlite/context.h"
#include "storage/write.h"

namespace credvault::storage {

struct PendingWrite {
    const WriteBatch* batch;  ///< The caller's, until it is answered.
    Completer<WriteOutcome> completer;
    std::size_t bytes = 0;  ///< Of its records.
};

class WriteQueue {
public:
    explicit WriteQueue(Context& context) : context_(context) {}

    /// Adds a batch. True: the database has to be put in line. Fails with OVERLOADED where the queue is full, and with
    /// the error that close() was given.
    Result<bool> push(PendingWrite write);
    /// Asks for a turn without a batch, for background work. True: the database has to be put in line.
    bool request();
    std::optional<PendingWrite> pop();
    /// Ends a turn. True: the database has to be put in line again, since batches wait or `again` is set.
    bool finish_turn(bool again);
    /// Refuses further batches with this error and gives back the waiting ones.
    std::vector<PendingWrite> close(const Error& why);
    /// Nothing waits and nothing is being served.
    bool idle() const;
    std::size_t size() const;

private:
    Context& context_;
    mutable std::mutex mutex_;
    std::deque<PendingWrite> waiting_;
    std::size_t bytes_ = 0;
    bool in_line_ = false;
    std::optional<Error> closed_;
};

/// What a batch weighs in the queue: the bytes of its records.
std::size_t batch_bytes(const WriteBatch& batch);

}  // namespace credvault::storage
