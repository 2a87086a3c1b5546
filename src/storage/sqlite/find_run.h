// One find at work: the page, sorted where the walk does not give the order, and the total. Works in slices, of which
// the first may be on the asking thread and the others on workers; starts anew where the catalog changed under it.
// Between slices it holds no transaction. One thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "storage/read.h"
#include "storage/sqlite/database.h"
#include "storage/sqlite/query_target.h"
#include "storage/sqlite/sorter.h"
#include "storage/sqlite/total.h"

namespace credvault::storage {

class FindRun {
public:
    using Answer = FindResult;

    /// The request and the sink belong to the caller and live until the answer is taken.
    FindRun(const FindRequest& request, RowSink& sink, const SqliteOptions& options);

    /// Works for a slice in the session's open transaction. True: done.
    Result<bool> advance(ReadSession& session, Slice slice);
    /// Whether what was read so far is good under this catalog.
    bool holds_in(const Catalog& newer) const;
    /// Forgets all that was read.
    void restart();
    FindResult take();

private:
    enum class Phase : std::uint8_t { Start, Page, Sort, Total, Done };

    Status start(ReadSession& session);
    Result<bool> fill_page(ReadSession& session, Slice& slice);
    Result<bool> fill_sorter(ReadSession& session, Slice& slice);
    Result<bool> count_total(ReadSession& session, Slice& slice);
    Status sort_in(const Candidate& candidate);
    Status give_sorted();
    bool give(const json::View& record, std::int64_t rid, std::int64_t version);
    void end_page(bool complete);
    query::QueryShape shape() const;
    std::uint64_t wanted() const;

    const FindRequest* request_;
    RowSink* sink_;
    const SqliteOptions* options_;
    WorkGuard guard_;
    Phase phase_ = Phase::Start;
    bool large_ = false;  ///< Left to a worker from the start.
    std::optional<QueryTarget> target_;
    std::optional<Matches> matches_;
    std::optional<Sorter> sorter_;
    std::optional<Total> total_;
    std::string position_;
    std::uint64_t matched_ = 0;       ///< All matches met so far.
    std::uint64_t behind_after_ = 0;  ///< Those behind the position that the page begins after.
    std::uint64_t skipped_ = 0;
    bool stopped_ = false;  ///< The sink wants no more.
    FindResult result_;
};

}  // namespace credvault::storage
