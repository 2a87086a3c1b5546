// What a running pipeline and the pipelines within it share: the database, the engine, threads for computing, the
// account of time and memory; and the one place where other collections that a pipeline names are resolved. Belongs to
// one query and outlives all that runs in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/worker_pool.h"
#include "documents/place.h"
#include "query/pipeline/work.h"
#include "storage/engine.h"

namespace credvault::documents {

enum class CollectionUse : bool { Read, Write };

struct PipelineContext {
    PipelineContext(storage::Engine& store, WorkerPool& workers, DatabaseRef in, query::WorkBounds bounds)
        : engine(store), pool(workers), database(std::move(in)), work(std::move(bounds)) {}

    storage::Engine& engine;
    WorkerPool& pool;  ///< For what takes longer than an I/O thread may spend.
    const DatabaseRef database;
    std::string actor;  ///< Who writes, for $merge and $out.
    bool may_write = false;
    std::int64_t now_ms = 0;  ///< $$NOW.
    std::optional<storage::Idempotency>
        once;  ///< The client's key, to be kept with the last write of $merge or $out.
    query::Work work;
    storage::WorkStats asked;  ///< By all finds so far; index and order are the first one's.

    /// Whether the query may use a collection that its pipeline names beside the one it runs on ($lookup, $graphLookup,
    /// $unionWith, $merge, $out): every one of them is asked for here. Fails with FORBIDDEN, or with INVALID_PARAMETER
    /// where the name to write to can be none; `where` is the stage.
    Status check_collection(std::string_view name, CollectionUse use, std::string_view where) const;
    /// Asks the store, and keeps what it took. The request's `explain` is set where that is wanted.
    Reply<storage::FindResult> find(storage::FindRequest& request, storage::RowSink& sink);
    /// What an engine call may take of what is left.
    storage::WorkLimits limits() const;

    /// Runs something that may take long on a thread of the pool; what is small runs here and now.
    template <class T, class F>
    Reply<T> compute(bool is_small, F what) {
        if (is_small) return what();
        return pool.run<T>(std::move(what));
    }

private:
    bool asked_any_ = false;
};

}  // namespace credvault::documents
