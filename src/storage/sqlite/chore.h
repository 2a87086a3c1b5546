// Background work on one database, done in steps of a bounded time, each a transaction of its own between the clients'
// batches: building indexes, removing what was dropped, upkeep. Where it stands is stored by the steps themselves, so
// that it goes on after a restart. Lives on a writer's thread.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/result.h"
#include "storage/sqlite/write_transaction.h"

namespace credvault::storage {

class Chore {
public:
    virtual ~Chore() = default;
    /// Does a step. True: it was the last one. A step that fails, or whose commit does, comes again.
    virtual Result<bool> step(WriteTransaction& transaction) = 0;
    /// The step's transaction has been committed.
    virtual void committed() {}
};

/// Builds the index from where its catalog entry says; drops out where the index is gone.
std::unique_ptr<Chore> make_index_build(std::int64_t collection, std::int64_t index);
/// Removes the entries of a dropped or failed index, and of a dropped one then the rest of it.
std::unique_ptr<Chore> make_index_sweep(std::int64_t index, bool dropped);
/// Removes the records of a dropped collection, then the rest of it.
std::unique_ptr<Chore> make_collection_sweep(std::int64_t collection);
/// Drops a hidden collection that nobody will publish any more.
std::unique_ptr<Chore> make_collection_drop(std::int64_t collection);
/// Removes expired idempotency keys and changes beyond the bounds, and gives free pages back to the file system.
/// `held` tells behind which position changes are wanted by live consumers.
std::unique_ptr<Chore> make_upkeep(std::function<std::int64_t()> held);

/// Removes what has expired, once. Holds the token while it is under way.
std::unique_ptr<Chore> make_ttl_sweep(std::shared_ptr<const bool> running);

std::unique_ptr<Chore> make_chore(const ChoreRequest& request);
/// What was left undone, and the hidden collections that processes before this one left.
Result<std::vector<ChoreRequest>> unfinished_chores(Connection& connection, const Catalog& catalog,
                                                    std::int64_t started_ms);

}  // namespace credvault::storage
