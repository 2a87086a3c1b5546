// One find at work: the page, sorted where the walk does not give the order, and the total. Works in slices, of which
// the first may be on the asking thread and the others on workers; starts anew where the catalog changed under it.
// Between slices it holds no transaction. One thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "query/rank.h"
#include "storage/read.h"
#include "storage/sqlite/database.h"
#include "storage/sqlite/query_target.h"
#include "storage/sqlite/sorter.h"
#include "storage/sqlite/text_terms.h"
#include "storage/sqlite/total.h"

namespace credvault::storage {

inline Revision revision_of(std::int64_t rid, std::int64_t version) {
    return {static_cast<std::uint64_t>(rid), static_cast<std::uint64_t>(version)};
}

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
    enum class Phase : std::uint8_t { Start, Statistics, Page, Sort, Ranked, Total, Done };

    Status start(ReadSession& session);
    /// Begins to read, once it is known what ranks records.
    void open();
    Result<bool> gather_statistics(ReadSession& session, Slice& slice);
    Result<bool> fill_page(ReadSession& session, Slice& slice);
    Result<bool> fill_sorter(ReadSession& session, Slice& slice);
    Result<bool> count_total(ReadSession& session, Slice& slice);
    Status sort_in(const Candidate& candidate);
    Status give_sorted();
    /// The best by a text index: only records that may be among them are looked at (find_ranked.cpp).
    Result<bool> fill_ranked(ReadSession& session, Slice& slice);
    Status rank_in(Connection& connection, const Candidate& candidate);
    Status give_ranked(Connection& connection);
    /// Whether nothing that is still to come is as near as what there is.
    bool has_nearest();
    bool give(const Row& row);
    bool give(const Candidate& candidate, double rank);
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
    std::optional<TermCounting> counting_;
    query::Rank rank_;
    std::shared_ptr<const query::TextRanking> ranking_;
    std::string position_;
    std::uint64_t matched_ = 0;       ///< All matches met so far.
    std::uint64_t behind_after_ = 0;  ///< Those behind the position that the page begins after.
    std::uint64_t skipped_ = 0;
    bool stopped_ = false;               ///< The sink wants no more.
    double reach_ = 0;                   ///< When has_nearest() was last asked.
    bool nearest_only_ = false;          ///< What is further was not read.
    std::uint64_t ranked_examined_ = 0;  ///< Records looked at in the phase Ranked.
    FindResult result_;
};

}  // namespace credvault::storage
