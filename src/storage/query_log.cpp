#include "storage/query_log.h"

#include <algorithm>

#include "base/clock.h"
#include "base/log.h"
#include "query/filter_shape.h"

namespace credvault::storage {
namespace {

std::uint64_t examined(const WorkStats& stats) { return stats.records_examined + stats.entries_examined; }

}  // namespace

void QueryLog::note(const Question& question, const WorkStats& stats) {
    const bool wasteful = examined(stats) >= options_.wasteful_rows &&
                          examined(stats) / options_.wasteful_factor >= stats.returned;
    if (is_slow(stats.elapsed_ns))
        write_line({question.kind, question.database, question.collection, question.shape}, stats);
    if (wasteful) add_advice(question, stats);
}

void QueryLog::note_whole(const WholeOperation& operation, const WorkStats& stats) const {
    if (is_slow(stats.elapsed_ns)) write_line(operation, stats);
}

void QueryLog::write_line(const WholeOperation& operation, const WorkStats& stats) {
    log::warning("slow query", {{"kind", operation.kind},
                                {"database", operation.database},
                                {"collection", operation.collection},
                                {"filter", query::filter_shape(operation.shape.filter)},
                                {"sort", query::sort_text(operation.shape.sort)},
                                {"stages", operation.stages},
                                {"index", stats.index},
                                {"records_examined", stats.records_examined},
                                {"entries_examined", stats.entries_examined},
                                {"returned", stats.returned},
                                {"sorted_in_memory", stats.sorted},
                                {"elapsed_ms", stats.elapsed_ns / 1'000'000},
                                {"advised_index", query::advised_index(operation.shape)}});
}

void QueryLog::add_advice(const Question& question, const WorkStats& stats) {
    std::string fields = query::advised_index(question.shape);
    if (fields.empty()) return;
    std::string shape = query::filter_shape(question.shape.filter);
    Place place(question.database, question.collection, fields);
    const std::lock_guard lock(mutex_);
    IndexAdvice& known = advice_[std::move(place)];
    known.fields = std::move(fields);
    known.filter = std::move(shape);
    ++known.queries;
    known.examined += examined(stats);
    known.returned += stats.returned;
    known.elapsed_ns += stats.elapsed_ns;
    known.last_ms = now_ms();
    make_room();
}

/// Drops what has cost least; what was just added may be it, and comes back when it costs more.
void QueryLog::make_room() {
    if (advice_.size() <= options_.max_advice) return;
    const auto cheapest = std::min_element(advice_.begin(), advice_.end(), [](const auto& a, const auto& b) {
        return a.second.elapsed_ns < b.second.elapsed_ns;
    });
    advice_.erase(cheapest);
}

std::vector<IndexAdvice> QueryLog::advice(std::string_view database, std::string_view collection) const {
    std::vector<IndexAdvice> found;
    {
        const std::lock_guard lock(mutex_);
        const Place first(database, collection, "");
        for (auto at = advice_.lower_bound(first); at != advice_.end(); ++at) {
            if (std::get<0>(at->first) != database || std::get<1>(at->first) != collection) break;
            found.push_back(at->second);
        }
    }
    std::ranges::stable_sort(found, std::ranges::greater(), &IndexAdvice::elapsed_ns);
    return found;
}

void QueryLog::forget(std::string_view database, std::string_view collection) {
    const std::lock_guard lock(mutex_);
    std::erase_if(advice_, [&](const auto& each) {
        return std::get<0>(each.first) == database &&
               (collection.empty() || std::get<1>(each.first) == collection);
    });
}

}  // namespace credvault::storage
