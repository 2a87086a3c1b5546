#include "documents/listing.h"

#include <algorithm>
#include <utility>

namespace credvault::documents {
namespace {

struct Ranked {
    std::string position;
    const std::string* row;
};

/// The matching rows in the order of the sort.
Result<std::vector<Ranked>> ranked(const std::vector<std::string>& rows, const query::Filter& filter,
                                   const query::Sort& sort) {
    std::vector<Ranked> matches;
    for (const std::string& row : rows) {
        const json::View view(row);
        TRY(const bool matching, filter.test(view));
        if (!matching) continue;
        Ranked& match = matches.emplace_back(Ranked{{}, &row});
        query::append_position(match.position, view, sort);
    }
    std::sort(matches.begin(), matches.end(),
              [](const Ranked& a, const Ranked& b) { return a.position < b.position; });
    return matches;
}

/// What tells the rows apart makes every order total.
Status add_key(query::Sort& sort, std::string_view name) {
    for (const query::SortKey& key : sort) {
        if (key.path.text == name) return {};
    }
    TRY(query::Path path, query::parse_path(name));
    sort.push_back({std::move(path), query::id_descending(sort)});
    return {};
}

}  // namespace

Result<Listing> list_rows(const std::vector<std::string>& rows, ListQuery query, std::string_view key) {
    if (key != "id") {
        TRY_VOID(add_key(query.sort, key));
    }
    TRY(const ListPosition at, position_of(query));
    TRY(std::vector<Ranked> matches, ranked(rows, at.filter, query.sort));
    Listing listing;
    Pagination& page = listing.pagination;
    page.limit = query.limit;
    page.offset = query.offset;
    if (query.count != CountMode::None) page.total = matches.size();
    auto first = matches.begin();
    if (at.cursor) {
        first = std::upper_bound(first, matches.end(), at.cursor->position,
                                 [](const std::string& p, const Ranked& row) { return p < row.position; });
    } else {
        first += static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(query.offset, matches.size()));
    }
    const auto left = static_cast<std::uint64_t>(matches.end() - first);
    const auto last = first + static_cast<std::ptrdiff_t>(std::min(query.limit, left));
    page.has_more = last != matches.end();
    listing.rows = "[";
    for (auto match = first; match != last; ++match) {
        if (match != first) listing.rows += ',';
        TRY_VOID(query.projection.append(listing.rows, json::View(*match->row), at.filter));
    }
    listing.rows += ']';
    if (page.has_more && last != first) page.next_cursor = next_cursor(at, std::prev(last)->position, page);
    return listing;
}

}  // namespace credvault::documents
