// What all list calls share: the parameters, and the paging of resources that are held in memory (databases,
// collections, indexes). Records are paged by the engine instead (queries.h), with the same parameters and cursors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/cursor.h"
#include "query/filter.h"
#include "query/projection.h"
#include "query/sort.h"
#include "storage/read.h"

namespace credvault::documents {

enum class CountMode : std::uint8_t { Default, Exact, None };

constexpr std::uint64_t default_count_limit = 10'000;
constexpr std::uint64_t max_page = 1'000;

/// A list's parameters as they were given, not yet checked against each other.
struct ListQuery {
    std::uint64_t limit = 20;
    std::uint64_t offset = 0;
    std::string cursor;
    std::string filter;  ///< Canonical filter document; empty for none.
    query::Sort sort;
    query::Projection projection;
    CountMode count = CountMode::Default;
};

struct Pagination {
    std::uint64_t limit = 0;
    std::uint64_t offset = 0;
    std::optional<std::uint64_t> total;
    bool total_is_exact = true;
    bool has_more = false;
    std::string next_cursor;  ///< Empty at the end.
};

/// A page: the rows as one canonical JSON array.
struct Listing {
    std::string rows;
    Pagination pagination;
};

/// A list's cursor and filter, parsed and checked. Fails with INVALID_FILTER, INVALID_CURSOR, or INVALID_PARAMETER
/// where an offset is given together with a cursor.
struct ListPosition {
    query::Filter filter;
    std::uint64_t fingerprint = 0;
    std::optional<query::Cursor> cursor;
};
Result<ListPosition> position_of(const ListQuery& query);

/// The cursor after a page, from the position of its last row.
std::string next_cursor(const ListPosition& at, std::string position, const Pagination& page);

/// Filters, sorts and pages rows (canonical objects) by the query; ties and the order without a sort go by `name`.
Result<Listing> list_rows(const std::vector<std::string>& rows, ListQuery query);

}  // namespace credvault::documents
