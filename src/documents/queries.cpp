#include "documents/queries.h"

#include <algorithm>
#include <utility>

#include "documents/collections.h"
#include "documents/distinct.h"
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
    limits.timeout_ms =
        bounds.timeout_ms == 0 ? settings_.timeout_ms : std::min(bounds.timeout_ms, settings_.max_timeout_ms);
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

Reply<DistinctValues> Queries::distinct(Place place, std::string field, std::string filter,
                                        QueryBounds bounds) {
    CO_TRY(const query::Path path, query::parse_lookup_path(field, ErrorCode::INVALID_PARAMETER));
    storage::FindRequest request;
    request.database = place.database->id;
    request.collection = place.collection;
    CO_TRY(auto source, co_await storage::text_source(engine_, place.database->id, place.collection, filter));
    CO_TRY(request.filter, filter_of(filter, std::move(source)));
    request.any_order = true;
    request.limit = storage::no_limit;
    request.limits = limits_of(bounds);
    DistinctSink sink(path, std::min(settings_.memory_bytes, settings_.page_bytes));
    CO_TRY_VOID(co_await engine_.find(request, sink));
    if (sink.too_large()) {
        co_return Error(ErrorCode::QUERY_TOO_LARGE,
                        "The distinct values of '" + field +
                            "' take more memory than a query may have; narrow the filter",
                        "field");
    }
    co_return DistinctValues{sink.values(), sink.size()};
}

Reply<Explanation> Queries::explain(Place place, ListQuery query, QueryBounds bounds) {
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
    CO_TRY(const storage::CollectionInfo info,
           co_await engine_.describe_collection(place.database->id, place.collection));
    if (has_index(info, found.stats.advice)) found.stats.advice.clear();
    co_return Explanation{std::move(found.stats), found.has_more};
}

}  // namespace credvault::documents
