// Aggregation pipelines over a collection, or over documents written down: pages of results, streams of all of them.
// Thread-safe, no state of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/reply.h"
#include "base/worker_pool.h"
#include "documents/listing.h"
#include "documents/pipeline_run.h"
#include "documents/place.h"
#include "documents/queries.h"
#include "storage/engine.h"

namespace credvault::documents {

constexpr std::uint64_t max_aggregate_page = 100'000;

/// What was asked, as it was given.
struct AggregateQuery {
    std::string pipeline;                      ///< Canonical text of an array.
    std::string variables;                     ///< `let`: canonical text of an object, or empty.
    std::uint64_t limit = max_aggregate_page;  ///< Documents of a page.
    std::string cursor;
    std::string actor;       ///< Who asks, for what $merge and $out write.
    bool may_write = false;  ///< Whether he may.
    /// The client's key: a pipeline that writes is run once under it, and gives nothing when it is asked for again.
    std::optional<storage::Idempotency> idempotency;
};

/// All results of a pipeline, as NDJSON in pieces. Owned by the response; one coroutine at a time.
class AggregateStream {
public:
    AggregateStream(storage::Engine& engine, WorkerPool& pool, DatabaseRef database,
                    query::WorkBounds bounds);

    /// The next lines; empty at the end.
    Reply<std::string> next();
    /// Nobody wants more: what runs ends soon. From any thread.
    void cancel() { cancelled_.store(true, std::memory_order_relaxed); }

private:
    friend class Aggregations;

    std::atomic<bool> cancelled_ = false;
    PipelineContext context_;
    std::unique_ptr<PipelineRun> run_;
    std::function<void(const PipelineContext&, std::int64_t elapsed_ns)> note_;  ///< At its end.
    std::int64_t elapsed_ns_ = 0;                                                ///< In next() alone.
    std::string first_;                                                          ///< Lines made already.
    bool ended_ = false;
};

class Aggregations {
public:
    /// All outlive the service. `spill_directory` may be empty: then nothing goes to disk.
    Aggregations(storage::Engine& engine, WorkerPool& pool, QuerySettings settings)
        : engine_(engine), pool_(pool), settings_(std::move(settings)) {}

    /// A page of results. `place.collection` is empty for a pipeline that begins with $documents. Fails with
    /// INVALID_PIPELINE, INVALID_EXPRESSION, INVALID_FILTER, UNSUPPORTED_OPERATOR, INVALID_CURSOR, QUERY_TIMEOUT,
    /// QUERY_TOO_LARGE, COLLECTION_NOT_FOUND.
    Reply<Listing> page(Place place, AggregateQuery query, QueryBounds bounds);
    /// Runs a pipeline up to so many results, drops them and tells how it was run. $merge and $out are left out.
    Reply<Explanation> explain(Place place, AggregateQuery query, QueryBounds bounds);
    /// All results; the first piece has been made, so that what is wrong from the start is an error here.
    Reply<std::unique_ptr<AggregateStream>> stream(Place place, AggregateQuery query, QueryBounds bounds);

private:
    struct Parsed;

    query::WorkBounds bounds_of(const QueryBounds& bounds) const;
    Reply<Parsed> parse(const AggregateQuery& query, const Place& place);
    /// Whether the pipeline writes and has done so under the client's key. Fails with IDEMPOTENCY_KEY_REUSED.
    Reply<bool> is_done(const Place& place, const Parsed& parsed, AggregateQuery& query);
    Reply<Listing> counted_page(Place place, Parsed parsed, std::uint64_t limit, PipelineContext& context);
    void note(const Place& place, const query::Pipeline& pipeline, const PipelineContext& context,
              std::int64_t elapsed_ns) const;
    Reply<Listing> continued_page(Place place, Parsed parsed, std::uint64_t limit, PipelineContext& context);

    storage::Engine& engine_;
    WorkerPool& pool_;
    QuerySettings settings_;
};

}  // namespace credvault::documents
