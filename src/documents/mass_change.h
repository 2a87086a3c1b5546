// An update or delete of any number of records, in batches, for a job. Each batch is atomic. Records are visited in the
// order of their ids, each once, up to the last id that matched when it began: ids do not change, so that what the
// update itself does to the filter's fields brings no record back. A batch is written together with how far it got, so
// that one that was committed before a crash is not done again. Used by one thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/reply.h"
#include "documents/change_order.h"
#include "documents/update_change.h"
#include "query/filter.h"
#include "storage/engine.h"

namespace credvault::documents {

class MassChange {
public:
    static constexpr std::size_t batch_records = 500;
    static constexpr std::size_t batch_bytes =
        4 * 1024 * 1024;  ///< Of the records' texts, but for the first.

    /// `name` tells this change from all others for ever; `cancelled` ends what runs soon. Engine and flag outlive it.
    MassChange(storage::Engine& engine, ChangeOrder order, std::string name, std::string actor,
               const std::atomic<bool>& cancelled);

    /// From the beginning, or from a checkpoint. Fails as the parts' parsers do, with COLLECTION_NOT_FOUND (also where
    /// another one has its name by now), and as Engine::find does.
    Reply<void> begin(const json::View& checkpoint);
    /// Changes some records; false where there were none left. Fails as Engine::find and Engine::write do; a record
    /// that can't be changed is named, nothing of its batch happens, and the batches before it stay.
    Reply<bool> next();

    /// Where to go on: a canonical object.
    std::string checkpoint() const;
    /// {matched_count, modified_count} or {deleted_count}.
    std::string result() const;
    std::uint64_t done() const { return matched_; }
    /// Records that matched when it began.
    std::uint64_t total() const { return total_; }

private:
    struct Found {
        std::string id;
        std::size_t bytes;
    };
    class FoundSink;

    Reply<void> measure();
    Reply<void> find();
    Reply<void> write(std::size_t count);
    storage::FindRequest request() const;
    storage::Operation operation(const std::string& id) const;
    std::string progress_text(const storage::WriteOutcome* batch, std::string_view last) const;
    Status take_progress(const json::View& progress);
    Error named(Error error, std::size_t count) const;

    storage::Engine& engine_;
    const ChangeOrder order_;
    const std::string name_;
    const std::string actor_;
    const std::atomic<bool>& cancelled_;
    query::Filter filter_;
    query::Filter walked_;  ///< The same with the bound of ids, in a form that is walked in their order.
    std::unique_ptr<UpdateChange> change_;  ///< None: a removal.

    std::string after_;  ///< The last id that was visited.
    std::string last_;   ///< The last one to visit; empty: there is none.
    std::uint64_t batches_ = 0, matched_ = 0, modified_ = 0, total_ = 0;
    std::vector<Found> found_;  ///< To be written, in order.
    std::size_t written_ = 0;   ///< Of them.
    bool all_found_ = false;
};

}  // namespace credvault::documents
