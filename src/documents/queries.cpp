#include "documents/queries.h"

#include <algorithm>
#include <utility>

#include "documents/distinct.h"

namespace credvault::documents {
namespace {

/// Writes a page's rows as a JSON array, projected, until the page is full.
class PageSink final : public storage::RowSink {
public:
    PageSink(const query::Projection& projection, const query::Filter& filter, std::size_t max_bytes)
        : projection_(projection), filter_(filter), max_bytes_(max_bytes) {}

    bool row(const storage::Row& row) override {
        if (rows.size() > 1) rows += ',';
        projected = projection_.append(rows, row.record, filter_);
        return projected.ok() && rows.size() < max_bytes_;
    }
    void restart() override {
        rows.resize(1);
        projected = Status();
    }

    std::string rows = "[";
    Status projected;

private:
    const query::Projection& projection_;
    const query::Filter& filter_;
    std::size_t max_bytes_;
};

class NoSink final : public storage::RowSink {
public:
    bool row(const storage::Row&) override { return true; }
    void restart() override {}
};

std::uint64_t count_limit(CountMode mode, const query::Filter& filter) {
    switch (mode) {
        // Without a filter the count is kept, so that it costs nothing to be exact.
        case CountMode::Default: return filter.matches_everything() ? storage::no_limit : default_count_limit;
        case CountMode::Exact: return storage::no_limit;
        case CountMode::None: return 0;
    }
    return 0;
}

/// Whether the collection has an index of these fields, as sort_text writes them.
bool has_index(const storage::CollectionInfo& info, std::string_view fields) {
    return std::any_of(info.indexes.begin(), info.indexes.end(), [&](const storage::IndexInfo& index) {
        return index.state != storage::IndexState::Failed &&
               query::sort_text(index.spec.keys.fields) == fields;
    });
}

Result<query::Filter> filter_of(std::string_view text) {
    if (text.empty() || text == "{}") return query::Filter();
    return query::parse_filter(json::View(text));
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

Result<storage::FindRequest> Queries::request_of(const Place& place, const ListQuery& query,
                                                 const ListPosition& at, const QueryBounds& bounds) const {
    storage::FindRequest request;
    request.database = place.database->id;
    request.collection = place.collection;
    request.filter = at.filter;
    request.sort = query.sort;
    request.limit = query.limit;
    request.offset = query.offset;
    request.limits = limits_of(bounds);
    if (at.cursor) {
        request.after = at.cursor->position;
    } else {
        request.count_to = count_limit(query.count, at.filter);
    }
    return request;
}

Reply<Listing> Queries::page(Place place, ListQuery query, QueryBounds bounds) {
    CO_TRY(const ListPosition at, position_of(query));
    CO_TRY(const storage::FindRequest request, request_of(place, query, at, bounds));
    PageSink sink(query.projection, at.filter, settings_.page_bytes);
    CO_TRY(storage::FindResult found, co_await engine_.find(request, sink));
    if (!sink.projected.ok()) co_return std::move(sink.projected).error();
    Listing listing;
    Pagination& page = listing.pagination;
    page.limit = query.limit;
    page.offset = query.offset;
    page.has_more = found.has_more;
    if (query.count != CountMode::None) {
        page.total = at.cursor ? at.cursor->total : found.total;
        page.total_is_exact = at.cursor ? at.cursor->total_is_exact : found.total_is_exact;
    }
    if (found.has_more) page.next_cursor = next_cursor(at, std::move(found.next), page);
    listing.rows = std::move(sink.rows);
    listing.rows += ']';
    co_return listing;
}

Reply<std::uint64_t> Queries::count(Place place, std::string filter, QueryBounds bounds) {
    storage::CountRequest request;
    request.database = place.database->id;
    request.collection = place.collection;
    CO_TRY(request.filter, filter_of(filter));
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
    CO_TRY(request.filter, filter_of(filter));
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
    CO_TRY(const ListPosition at, position_of(query));
    CO_TRY(storage::FindRequest request, request_of(place, query, at, bounds));
    request.explain = true;
    NoSink sink;
    CO_TRY(storage::FindResult found, co_await engine_.find(request, sink));
    CO_TRY(const storage::CollectionInfo info,
           co_await engine_.describe_collection(place.database->id, place.collection));
    if (has_index(info, found.stats.advice)) found.stats.advice.clear();
    co_return Explanation{std::move(found.stats), found.has_more};
}

}  // namespace credvault::documents
