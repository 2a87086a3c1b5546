// Answers questions on a collection of the in-memory engine by looking at every record. Pure functions over what the
// caller holds.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "query/rank.h"
#include "storage/memory/memory_collection.h"
#include "storage/read.h"

namespace credvault::storage {

/// The rows that a question selects, and its answer, as far as it does not depend on what the sink takes.
/// What ranks the records that a filter finds, where that is wanted, learnt from all of the collection's.
Result<query::Rank> rank_in(const MemoryCollection& collection, const query::Filter& filter, bool wanted,
                            const WorkLimits& limits);

class MemoryAnswer {
public:
    /// Fails with QUERY_TIMEOUT or QUERY_TOO_LARGE.
    static Result<MemoryAnswer> make(const MemoryCollection& collection, const FindRequest& request);
    /// Gives the rows to the sink. Needs no lock: the rows are copies. Fails with QUERY_TIMEOUT.
    Result<FindResult> deliver(const FindRequest& request, RowSink& sink) &&;

private:
    struct Match {
        std::string position;
        MemoryRecord record;
        double rank;
    };

    std::vector<Match> matches_;  ///< In order, from the first one to give.
    FindResult result_;
    std::int64_t started_ns_ = 0;
};

/// Fails with QUERY_TIMEOUT.
Result<CountResult> count_in(const MemoryCollection& collection, const CountRequest& request);

}  // namespace credvault::storage
