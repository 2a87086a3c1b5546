#include "storage/sqlite/find_run.h"

#include <algorithm>
#include <utility>

namespace credvault::storage {
namespace {

/// Collections beyond so many inline budgets are scanned and sorted by a worker from the start.
constexpr std::size_t large_factor = 2;

}  // namespace

FindRun::FindRun(const FindRequest& request, RowSink& sink, const SqliteOptions& options)
    : request_(&request), sink_(&sink), options_(&options), guard_(request.limits, options) {}

query::QueryShape FindRun::shape() const {
    return {request_->filter, request_->sort, request_->any_order, request_->limit != no_limit};
}

/// Rows that have to be known in order before the page can be given.
std::uint64_t FindRun::wanted() const {
    return request_->limit > no_limit - request_->offset ? no_limit : request_->limit + request_->offset;
}

Result<bool> FindRun::advance(ReadSession& session, Slice slice) {
    if (phase_ == Phase::Start) TRY_VOID(start(session));
    if (large_ && !slice.on_worker) return false;
    if (phase_ == Phase::Statistics) {
        TRY(const bool done, gather_statistics(session, slice));
        if (!done) return false;
        open();
    }
    if (phase_ == Phase::Page) {
        TRY(const bool done, fill_page(session, slice));
        if (!done) return false;
        phase_ = Phase::Total;
    }
    if (phase_ == Phase::Sort) {
        TRY(const bool done, fill_sorter(session, slice));
        if (!done) return false;
        TRY_VOID(give_sorted());
        phase_ = Phase::Total;
    }
    if (phase_ == Phase::Ranked) {
        TRY(const bool done, fill_ranked(session, slice));
        if (!done) return false;
        TRY_VOID(give_ranked(session.connection()));
        phase_ = Phase::Total;
    }
    if (phase_ == Phase::Total) {
        TRY(const bool done, count_total(session, slice));
        if (!done) return false;
        phase_ = Phase::Done;
    }
    return true;
}

Status FindRun::start(ReadSession& session) {
    TRY(target_, QueryTarget::make(session.catalog(), request_->collection, shape()));
    query::Plan& plan = target_->plan();
    const bool in_order = plan.ordered || request_->any_order;
    if (!request_->after.empty() && plan.ordered) {
        query::continue_after(plan, request_->after, shape(), target_->collection().shapes);
    }
    const auto records =
        static_cast<std::size_t>(std::max<std::int64_t>(0, target_->collection().counts->rows));
    const bool walks_all =
        plan.access == query::Access::Scan || (!in_order && plan.access == query::Access::IdRange);
    large_ = walks_all && records > options_->inline_rows * large_factor && !(in_order && plan.exact);
    phase_ = Phase::Statistics;
    return {};
}

Result<bool> FindRun::gather_statistics(ReadSession& session, Slice& slice) {
    if (!request_->needs_rank()) return true;
    query::TextStatistics statistics;
    if (const StoredIndex* const index = target_->text_index(request_->filter)) {
        if (!counting_) counting_.emplace(*request_->filter.text(), index->number);
        TRY(const bool done, counting_->advance(session.connection(), guard_, slice));
        if (!done) return false;
        statistics = statistics_of(target_->collection(), *index, counting_->take());
        counting_.reset();
    }
    rank_ = query::Rank(request_->filter, statistics);
    return true;
}

void FindRun::open() {
    const query::Plan& plan = target_->plan();
    if (plan.ordered || request_->any_order) {
        matches_ = target_->matches(request_->filter, false);
        phase_ = Phase::Page;
        return;
    }
    result_.stats.sorted = true;
    const bool ranked = plan.ranked && rank_.text() != nullptr;
    sorter_.emplace(ranked && wanted() != no_limit ? wanted() + 1 : wanted(), guard_.memory_bytes());
    if (ranked) {
        ranking_ = std::make_shared<const query::TextRanking>(*rank_.text());
        matches_ = target_->candidates(ranking_);
        phase_ = Phase::Ranked;
    } else {
        matches_ = target_->matches(request_->filter, false);
        phase_ = Phase::Sort;
    }
}

Result<bool> FindRun::fill_page(ReadSession& session, Slice& slice) {
    Candidate candidate;
    for (;;) {
        switch (matches_->next(session.connection(), guard_, slice, candidate)) {
            case Matches::Step::End: end_page(true); return true;
            case Matches::Step::SliceUsed: return false;
            case Matches::Step::Failed: return matches_->error();
            case Matches::Step::Match: break;
        }
        ++matched_;
        if (skipped_ < request_->offset) {
            ++skipped_;
            continue;
        }
        if (stopped_ || result_.stats.returned == request_->limit) {
            end_page(false);
            return true;
        }
        const json::View record(candidate.record);
        const double rank = request_->needs_rank() ? rank_.of(record) : 0;
        stopped_ = !give(candidate, rank);
        if ((stopped_ || result_.stats.returned == request_->limit) && !request_->any_order) {
            query::append_position(result_.next, record, request_->sort, rank);
        }
    }
}

/// `complete`: there is no further match.
void FindRun::end_page(bool complete) {
    matches_->pause();
    result_.has_more = !complete;
    if (complete) result_.next.clear();
    if (request_->count_to == 0) return;
    if (complete && request_->after.empty()) {
        result_.total = std::min(matched_, request_->count_to);
        result_.total_is_exact = matched_ <= request_->count_to;
    } else {
        total_.emplace(request_->filter, request_->count_to);
    }
}

Result<bool> FindRun::fill_sorter(ReadSession& session, Slice& slice) {
    Candidate candidate;
    for (;;) {
        switch (matches_->next(session.connection(), guard_, slice, candidate)) {
            case Matches::Step::End: return true;
            case Matches::Step::SliceUsed: return false;
            case Matches::Step::Failed: return matches_->error();
            case Matches::Step::Match: break;
        }
        if (request_->needs_rank()) candidate.rank = rank_.of(json::View(candidate.record));
        TRY_VOID(sort_in(candidate));
        if (has_nearest()) {
            matches_->pause();
            nearest_only_ = true;
            return true;
        }
    }
}

bool FindRun::has_nearest() {
    const double reach = matches_->reach();
    if (target_->plan().access != query::Access::Near || reach == reach_) return false;
    reach_ = reach;
    const Sorter::Held* const furthest = sorter_->last();
    return furthest != nullptr && furthest->rank <= reach && behind_after_ > wanted();
}

Status FindRun::sort_in(const Candidate& candidate) {
    ++matched_;
    position_.clear();
    query::append_position(position_, json::View(candidate.record), request_->sort, candidate.rank);
    if (!request_->after.empty() && position_ <= request_->after) return {};
    ++behind_after_;
    if (sorter_->add(position_, candidate)) return {};
    matches_->pause();
    return query_too_large(guard_.memory_bytes(), query::advised_index(shape()));
}

Status FindRun::give_sorted() {
    std::vector<Sorter::Held>& rows = sorter_->sorted();
    std::uint64_t at = std::min<std::uint64_t>(request_->offset, rows.size());
    for (; at < rows.size() && !stopped_; ++at) {
        TRY_VOID(guard_.check());
        const Sorter::Held& row = rows[at];
        stopped_ = !give({json::View(row.record), revision_of(row.rid, row.version), row.rank});
    }
    result_.has_more = behind_after_ > std::max(at, request_->offset);
    if (result_.has_more && result_.stats.returned > 0) result_.next = std::move(rows[at - 1].position);
    if (request_->count_to > 0 && nearest_only_) {
        total_.emplace(request_->filter, request_->count_to);
    } else if (request_->count_to > 0) {
        result_.total = std::min(matched_, request_->count_to);
        result_.total_is_exact = matched_ <= request_->count_to;
    }
    sorter_.reset();
    return {};
}

Result<bool> FindRun::count_total(ReadSession& session, Slice& slice) {
    if (!total_) return true;
    TRY(const bool done, total_->advance(session, request_->collection, guard_, slice));
    if (!done) return false;
    result_.total = total_->count();
    result_.total_is_exact = total_->exact();
    return true;
}

bool FindRun::give(const Row& row) {
    ++result_.stats.returned;
    return sink_->row(row);
}

bool FindRun::give(const Candidate& candidate, double rank) {
    return give({json::View(candidate.record), revision_of(candidate.rid, candidate.version), rank});
}

bool FindRun::holds_in(const Catalog& newer) const {
    return (!target_ || target_->holds_in(newer)) && (!total_ || total_->holds_in(newer));
}

void FindRun::restart() {
    FindRun fresh(*request_, *sink_, *options_);
    fresh.guard_ = guard_;
    *this = std::move(fresh);
    sink_->restart();
}

FindResult FindRun::take() {
    WorkStats& stats = result_.stats;
    stats.index = target_->index_name();
    const bool keys_walked = target_->plan().uses_index();
    stats.records_examined = matches_->records_examined() + ranked_examined_;
    stats.entries_examined = matches_->entries_examined() + (keys_walked ? matches_->records_examined() : 0);
    if (total_) total_->add_stats(stats);
    stats.elapsed_ns = guard_.elapsed_ns();
    if (request_->explain) {
        stats.plan = query::describe(target_->plan(), shape(), target_->collection().shapes);
        stats.advice = query::advised_index(shape());
    }
    return std::move(result_);
}

}  // namespace credvault::storage
