#include "documents/queries.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "documents/distinct.h"
#include "documents/timed_sink.h"
#include "storage/searches.h"

namespace credvault::documents {
namespace {

class NoSink final : public storage::RowSink {
public:
    bool row(const storage::Row&) override { return true; }
    void restart() override {}
};

Result<query::Filter> filter_of(std::string_view text, std::shared_ptr<const query::TextSource> source) {
    if (text.empty() || text == "{}") return query::Filter();
    return query::parse_filter(json::View(text), {}, {}, std::move(source));
}

}  // namespace

storage::WorkLimits Queries::limits_of(const QueryBounds& bounds) const {
    storage::WorkLimits limits;
    limits.timeout_ms = settings_.timeout_of(bounds);
    limits.memory_bytes = settings_.memory_bytes;
    limits.cancelled = bounds.cancelled;
    return limits;
}

Reply<Listing> Queries::page(Place place, ListQuery query, QueryBounds bounds) {
    const storage::ListSource source{place.database->id, place.collection, limits_of(bounds),
                                     settings_.page_bytes};
    co_return co_await storage::list_page(engine_, source, std::move(query));
}

Reply<std::uint64_t> Queries::count(Place place, std::string filter, QueryBounds bounds) {
    storage::CountRequest request;
    request.database = place.database->id;
    request.collection = place.collection;
    CO_TRY(auto source, co_await storage::text_source(engine_, place.database->id, place.collection, filter));
    CO_TRY(request.filter, filter_of(filter, std::move(source)));
    request.limits = limits_of(bounds);
    CO_TRY(const storage::CountResult result, co_await engine_.count(request));
    co_return result.count;
}

/// The values of a field, and how they were found.
struct Queries::Distinct {
    std::string values;
    std::uint64_t count = 0;
    storage::WorkStats stats;
    std::int64_t collecting_ns = 0;  ///< Of stats.elapsed_ns; only where it is explained.
};

Reply<Queries::Distinct> Queries::find_distinct(const Place& place, const std::string& field,
                                                const std::string& filter, const QueryBounds& bounds,
                                                bool explain) {
    CO_TRY(const query::Path path, query::parse_lookup_path(field, ErrorCode::INVALID_PARAMETER));
    storage::FindRequest request;
    request.database = place.database->id;
    request.collection = place.collection;
    CO_TRY(auto source, co_await storage::text_source(engine_, place.database->id, place.collection, filter));
    CO_TRY(request.filter, filter_of(filter, std::move(source)));
    request.any_order = true;
    request.limit = storage::no_limit;
    request.limits = limits_of(bounds);
    request.explain = explain;
    DistinctSink sink(path, std::min(settings_.memory_bytes, settings_.page_bytes));
    TimedSink timed(sink);
    storage::RowSink& taken = explain ? static_cast<storage::RowSink&>(timed) : sink;
    CO_TRY(storage::FindResult found, co_await engine_.find(request, taken));
    if (sink.too_large()) {
        co_return Error(ErrorCode::QUERY_TOO_LARGE,
                        "The distinct values of '" + field +
                            "' take more memory than a query may have; narrow the filter",
                        "field");
    }
    const std::int64_t before = monotonic_ns();
    std::string values = sink.values();
    const std::int64_t ordering_ns = monotonic_ns() - before;
    found.stats.elapsed_ns += ordering_ns;
    if (settings_.log != nullptr && settings_.log->is_slow(found.stats.elapsed_ns)) {
        const query::Sort no_sort;
        const query::QueryShape shape{request.filter, no_sort, true, false};
        settings_.log->note_whole({"distinct", place.database->stored_id(), request.collection, shape},
                                  found.stats);
    }
    co_return Distinct{std::move(values), sink.size(), std::move(found.stats), timed.ns() + ordering_ns};
}

Reply<DistinctValues> Queries::distinct(Place place, std::string field, std::string filter,
                                        QueryBounds bounds) {
    CO_TRY(Distinct found, co_await find_distinct(place, field, filter, bounds, false));
    co_return DistinctValues{std::move(found.values), found.count};
}

Reply<Explanation> Queries::explain_page(Place place, ListQuery query, QueryBounds bounds) {
    CO_TRY(auto source,
           co_await storage::text_source(engine_, place.database->id, place.collection, query.filter));
    CO_TRY(const ListPosition at, position_of(query, std::move(source)));
    storage::FindRequest request = storage::page_request(query, at);
    request.database = place.database->id;
    request.collection = place.collection;
    request.limits = limits_of(bounds);
    request.explain = true;
    NoSink sink;
    CO_TRY(storage::FindResult found, co_await engine_.find(request, sink));
    Explanation explanation{std::move(found.stats), {}, {}, {}, false};
    explanation.stages.push_back(stage_of("find", explanation.stats, 0));
    CO_TRY_VOID(co_await drop_known_advice(engine_, place.database->id, place.collection, explanation));
    co_return explanation;
}

Reply<Explanation> Queries::explain_count(Place place, std::string filter, QueryBounds bounds) {
    storage::CountRequest request;
    request.database = place.database->id;
    request.collection = place.collection;
    CO_TRY(auto source, co_await storage::text_source(engine_, place.database->id, place.collection, filter));
    CO_TRY(request.filter, filter_of(filter, std::move(source)));
    request.limits = limits_of(bounds);
    request.explain = true;
    CO_TRY(storage::CountResult counted, co_await engine_.count(request));
    Explanation explanation{std::move(counted.stats), {}, {}, {}, false};
    // Records that were counted are not given.
    explanation.stats.returned = counted.count;
    explanation.stages.push_back(stage_of("count", explanation.stats, 0));
    CO_TRY_VOID(co_await drop_known_advice(engine_, place.database->id, place.collection, explanation));
    co_return explanation;
}

Reply<Explanation> Queries::explain_distinct(Place place, std::string field, std::string filter,
                                             QueryBounds bounds) {
    CO_TRY(Distinct found, co_await find_distinct(place, field, filter, bounds, true));
    Explanation explanation{std::move(found.stats), {}, {}, {}, false};
    explanation.stages.push_back(stage_of("find", explanation.stats, found.collecting_ns));
    ExplainedStage& collecting = explanation.stages.emplace_back();
    collecting.name = "distinct";
    collecting.documents_in = explanation.stats.returned;
    collecting.documents_out = found.count;
    collecting.elapsed_ns = found.collecting_ns;
    explanation.stats.returned = found.count;
    CO_TRY_VOID(co_await drop_known_advice(engine_, place.database->id, place.collection, explanation));
    co_return explanation;
}

}  // namespace credvault::documents
