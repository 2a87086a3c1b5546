#include "storage/sqlite/match_finder.h"

#include <algorithm>
#include <utility>

#include "json/writer.h"
#include "query/rank.h"
#include "storage/errors.h"
#include "storage/record.h"
#include "storage/sqlite/query_target.h"
#include "storage/sqlite/text_terms.h"
#include "storage/sqlite/work_guard.h"

namespace credvault::storage {
namespace {

/// Keeps the ids that are wanted of the matches as they come.
class FoundIds {
public:
    FoundIds(const query::Sort& sort, const query::Rank& rank, bool first_only, bool in_order)
        : sort_(sort), rank_(rank), first_only_(first_only), in_order_(in_order) {}

    /// False: the answer is known. What is nearer than `reach` has been given.
    bool add(const json::View& record, double reach) {
        if (first_only_ && !in_order_) {
            std::string position;
            const double rank = query::has_rank(sort_) ? rank_.of(record) : 0;
            query::append_position(position, record, sort_, rank);
            if (!ids_.empty() && position > first_position_) return first_rank_ >= reach;
            first_position_ = std::move(position);
            first_rank_ = rank;
            ids_.clear();
        }
        std::string id;
        json::append_decoded(id, record_id_escaped(record));
        ids_.push_back(std::move(id));
        return !(first_only_ && in_order_);
    }
    std::size_t size() const { return ids_.size(); }
    std::vector<std::string> take() {
        std::ranges::sort(ids_);
        return std::move(ids_);
    }

private:
    const query::Sort& sort_;
    const query::Rank& rank_;
    bool first_only_;
    bool in_order_;
    std::vector<std::string> ids_;
    std::string first_position_;
    double first_rank_ = 0;
};

/// What ranks the matches, where the sort asks for it. Counting takes from the slice.
Result<query::Rank> rank_for(Connection& connection, const QueryTarget& target,
                             const query::QueryShape& query, const WorkGuard& guard, Slice& slice) {
    if (!query::has_rank(query.sort)) return query::Rank();
    query::TextStatistics statistics;
    if (const StoredIndex* const index = target.text_index(query.filter)) {
        TermCounting counting(*query.filter.text(), index->number);
        TRY(const bool counted, counting.advance(connection, guard, slice));
        // Without the counts all words are as rare as each other; the walk that follows finds the slice used up.
        if (counted) statistics = statistics_of(target.collection(), *index, counting.take());
    }
    return query::Rank(query.filter, statistics);
}

}  // namespace

void MatchFinder::start(WriteTransaction& transaction, const WriteBatch& batch) {
    transaction_ = &transaction;
    batch_ = &batch;
    examined_ = 0;
}

Result<std::vector<std::string>> MatchFinder::find(std::string_view collection, const query::Filter& filter,
                                                   const query::Sort& sort, std::uint64_t limit) {
    const query::QueryShape shape{filter, sort, limit == no_limit, limit != no_limit};
    TRY(const QueryTarget target, QueryTarget::make(transaction_->catalog(), collection, shape));
    Matches matches = target.matches(filter, false);
    const WorkGuard guard(WorkLimits{}, transaction_->options());
    Slice slice;
    slice.rows = static_cast<std::int64_t>(batch_->max_examined - examined_) * Slice::row_cost;
    slice.bytes = Slice::unbounded;
    Connection& connection = transaction_->connection();
    TRY(const query::Rank rank, rank_for(connection, target, shape, guard, slice));
    FoundIds found(sort, rank, limit == 1, target.plan().ordered);
    Candidate candidate;
    for (bool more = true; more;) {
        switch (matches.next(connection, guard, slice, candidate)) {
            case Matches::Step::End: more = false; break;
            case Matches::Step::SliceUsed:
                return write_examines_too_many(batch_->max_examined, query::advised_index(shape));
            case Matches::Step::Failed: return matches.error();
            case Matches::Step::Match: more = found.add(json::View(candidate.record), matches.reach()); break;
        }
        if (found.size() > batch_->max_matched) return too_many_matches(batch_->max_matched);
    }
    matches.pause();
    examined_ += matches.records_examined();
    return found.take();
}

}  // namespace credvault::storage
