#include "storage/memory/memory_query.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "query/planner.h"
#include "storage/errors.h"

namespace credvault::storage {
namespace {

Status check_time(const WorkLimits& limits, std::int64_t started_ns) {
    if (limits.cancelled != nullptr && limits.cancelled->load(std::memory_order_relaxed))
        return query_cancelled();
    if (monotonic_ns() - started_ns > limits.timeout_ms * 1'000'000) return query_timeout(limits.timeout_ms);
    return {};
}

/// a + b, where no_limit stays.
std::uint64_t saturated_sum(std::uint64_t a, std::uint64_t b) { return a > no_limit - b ? no_limit : a + b; }

}  // namespace

Result<query::Rank> rank_in(const MemoryCollection& collection, const query::Filter& filter, bool wanted,
                            const WorkLimits& limits) {
    const std::int64_t started_ns = monotonic_ns();
    if (!wanted) return query::Rank();
    query::TextStatistics statistics;
    if (const query::TextQuery* const text = filter.text()) {
        statistics.records = collection.records().size();
        statistics.entries.resize(text->terms().size());
        for (const auto& [id, record] : collection.records()) {
            TRY_VOID(check_time(limits, started_ns));
            const query::TermHits hits = text->hits_in(record.view());
            statistics.length += hits.length;
            for (std::size_t i = 0; i < hits.hits.size(); ++i) statistics.entries[i] += hits.hits[i].terms;
        }
    }
    return query::Rank(filter, statistics);
}

Result<MemoryAnswer> MemoryAnswer::make(const MemoryCollection& collection, const FindRequest& request) {
    MemoryAnswer answer;
    answer.started_ns_ = monotonic_ns();
    TRY(const query::Rank rank, rank_in(collection, request.filter, request.needs_rank(), request.limits));
    std::uint64_t total = 0;
    for (const auto& [id, record] : collection.records()) {
        TRY_VOID(check_time(request.limits, answer.started_ns_));
        ++answer.result_.stats.records_examined;
        TRY(const bool matching, request.filter.test(record.view()));
        if (!matching) continue;
        ++total;
        std::string position;
        const double its_rank = rank.of(record.view());
        query::append_position(position, record.view(), request.sort, its_rank);
        if (position > request.after || request.after.empty()) {
            answer.matches_.push_back({std::move(position), record, its_rank});
        }
    }
    std::vector<Match>& matches = answer.matches_;
    std::sort(matches.begin(), matches.end(),
              [](const Match& a, const Match& b) { return a.position < b.position; });

    const query::QueryShape shape{request.filter, request.sort, request.any_order, request.limit != no_limit};
    const bool sorted = !request.sort.empty() && !request.any_order;
    if (sorted) {
        // What has to be held at once while sorting: the rows that may yet be given.
        const std::uint64_t wanted = saturated_sum(request.limit, request.offset);
        std::size_t held = 0;
        for (std::size_t i = 0; i < matches.size() && i < wanted; ++i) {
            held += matches[i].position.size() + matches[i].record.text.size();
        }
        if (held > request.limits.memory_bytes) {
            return query_too_large(request.limits.memory_bytes, query::advised_index(shape));
        }
    }
    const auto skipped = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(request.offset, matches.size()));
    matches.erase(matches.begin(), matches.begin() + skipped);

    if (request.count_to > 0) {
        answer.result_.total = std::min(total, request.count_to);
        answer.result_.total_is_exact = total <= request.count_to;
    }
    answer.result_.stats.sorted = sorted;
    if (request.explain) {
        answer.result_.stats.plan = "every record";
        answer.result_.stats.advice = query::advised_index(shape);
    }
    return answer;
}

Result<FindResult> MemoryAnswer::deliver(const FindRequest& request, RowSink& sink) && {
    std::uint64_t& given = result_.stats.returned;
    bool wanted = true;
    while (wanted && given < request.limit && given < matches_.size()) {
        TRY_VOID(check_time(request.limits, started_ns_));
        const auto& [position, record, rank] = matches_[given++];
        wanted = sink.row({record.view(), record.revision(), rank});
    }
    result_.has_more = given < matches_.size();
    if (result_.has_more && given > 0 && !request.any_order) result_.next = matches_[given - 1].position;
    result_.stats.elapsed_ns = monotonic_ns() - started_ns_;
    return std::move(result_);
}

Result<CountResult> count_in(const MemoryCollection& collection, const CountRequest& request) {
    const std::int64_t started_ns = monotonic_ns();
    CountResult result;
    std::uint64_t matches = 0;
    for (const auto& [id, record] : collection.records()) {
        TRY_VOID(check_time(request.limits, started_ns));
        ++result.stats.records_examined;
        TRY(const bool matching, request.filter.test(record.view()));
        if (matching) ++matches;
    }
    result.count = std::min(matches, request.count_to);
    result.exact = matches <= request.count_to;
    result.stats.elapsed_ns = monotonic_ns() - started_ns;
    if (request.explain) {
        result.stats.plan = "every record";
        result.stats.advice = query::advised_index({request.filter, {}, true, false});
    }
    return result;
}

}  // namespace credvault::storage
