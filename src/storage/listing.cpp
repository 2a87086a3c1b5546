#include "storage/listing.h"

#include <utility>

#include "storage/searches.h"

namespace credvault::storage {
namespace {

/// Writes a page's rows as a JSON array, projected, until the page is full.
class PageSink final : public RowSink {
public:
    PageSink(const ListQuery& query, const query::Filter& filter, const ListSource& source)
        : projection_(query.projection),
          highlight_(query.highlight),
          filter_(filter),
          hidden_(source.hidden.get()),
          max_bytes_(source.page_bytes) {}

    bool row(const Row& row) override {
        if (rows.size() > 1) rows += ',';
        const json::View shown =
            hidden_ == nullptr ? row.record : query::without(row.record, *hidden_, scratch_);
        projected = projection_.append(rows, shown, filter_, row.rank);
        if (projected.ok() && highlight_) append_highlights(shown);
        return projected.ok() && rows.size() < max_bytes_;
    }
    void restart() override {
        rows.resize(1);
        projected = Status();
    }

    std::string rows = "[";
    Status projected;

private:
    /// As the last member of the row.
    void append_highlights(const json::View& record) {
        rows.pop_back();
        if (rows.back() != '{') rows += ',';
        rows += "\"_highlights\":";
        highlight_->append(rows, record, *filter_.text());
        rows += '}';
    }

    const query::Projection& projection_;
    const std::optional<query::Highlight>& highlight_;
    const query::Filter& filter_;
    const query::HiddenFields* const hidden_;
    std::size_t max_bytes_;
    std::string scratch_;
};

std::uint64_t count_limit(CountMode mode, const query::Filter& filter) {
    switch (mode) {
        // Without a filter the count is kept, so that it costs nothing to be exact.
        case CountMode::Default: return filter.matches_everything() ? no_limit : default_count_limit;
        case CountMode::Exact: return no_limit;
        case CountMode::None: return 0;
    }
    return 0;
}

/// What only a search has.
Status check_search(const ListQuery& query, const query::Filter& filter) {
    if (filter.text() != nullptr) return {};
    constexpr std::string_view needs = "needs a filter with $text";
    if (query::has_rank(query.sort)) {
        return Error(ErrorCode::INVALID_SORT, "Sorting by textScore " + std::string(needs), "sort");
    }
    if (query.projection.wants_rank()) {
        return Error(ErrorCode::INVALID_PROJECTION, "Showing the textScore " + std::string(needs),
                     "projection");
    }
    if (query.highlight) {
        return Error(ErrorCode::INVALID_PARAMETER, "A highlight " + std::string(needs), "highlight");
    }
    return {};
}

/// What the source adds to a list's own filter.
Status narrow(query::Filter& filter, const ListSource& source) {
    if (source.hidden) filter = query::without(filter, source.hidden);
    if (source.own.empty()) return {};
    TRY(const query::Filter own, query::parse_filter(json::View(source.own)));
    filter = query::both(own, filter);
    return {};
}

}  // namespace

Result<ListPosition> position_of(const ListQuery& query, std::shared_ptr<const query::TextSource> text) {
    ListPosition at;
    const std::string_view filter = query.filter.empty() ? std::string_view("{}") : query.filter;
    if (filter != "{}") {
        TRY(at.filter, query::parse_filter(json::View(filter), {}, {}, std::move(text)));
    }
    TRY_VOID(check_search(query, at.filter));
    at.sort = query.sort.empty() && at.filter.near() != nullptr ? query::nearest_first() : query.sort;
    at.fingerprint = query::fingerprint_of(filter, at.sort);
    if (query.cursor.empty()) return at;
    if (query.offset != 0) {
        return Error(ErrorCode::INVALID_PARAMETER, "Give either a cursor or an offset, not both", "offset");
    }
    TRY(query::Cursor cursor, query::decode_cursor(query.cursor, at.fingerprint, at.sort));
    at.cursor = std::move(cursor);
    return at;
}

std::string next_cursor(const ListPosition& at, std::string position, const Pagination& page) {
    return query::encode_cursor({std::move(position), page.total, page.total_is_exact}, at.fingerprint);
}

FindRequest page_request(const ListQuery& query, const ListPosition& at) {
    FindRequest request;
    request.filter = at.filter;
    request.sort = at.sort;
    request.want_rank = query.projection.wants_rank();
    request.limit = query.limit;
    request.offset = query.offset;
    if (at.cursor) {
        request.after = at.cursor->position;
    } else {
        request.count_to = count_limit(query.count, at.filter);
    }
    return request;
}

Reply<Listing> list_page(Engine& engine, ListSource source, ListQuery query) {
    CO_TRY(auto text, co_await text_source(engine, source.database, source.collection, query.filter));
    if (source.hidden) query.sort = query::without(query.sort, *source.hidden);
    CO_TRY(ListPosition at, position_of(query, std::move(text)));
    CO_TRY_VOID(narrow(at.filter, source));
    FindRequest request = page_request(query, at);
    request.database = source.database;
    request.collection = source.collection;
    request.limits = source.limits;
    PageSink sink(query, at.filter, source);
    CO_TRY(FindResult found, co_await engine.find(request, sink));
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

}  // namespace credvault::storage
