// What all list calls share: the parameters, the cursor, and a page of a collection's records as the engine gives it.
// Resources that are held in memory are paged with the same types by documents/listing. Value types and functions
// without state; thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/reply.h"
#include "query/cursor.h"
#include "query/filter.h"
#include "query/hidden_fields.h"
#include "query/projection.h"
#include "query/sort.h"
#include "query/text/highlight.h"
#include "storage/engine.h"

namespace credvault::storage {

enum class CountMode : std::uint8_t { Default, Exact, None };

constexpr std::uint64_t default_count_limit = 10'000;
constexpr std::uint64_t max_page = 1'000;
constexpr std::size_t max_page_bytes = 16 * 1024 * 1024;

/// A list's parameters as they were given, not yet checked against each other.
struct ListQuery {
    std::uint64_t limit = 20;
    std::uint64_t offset = 0;
    std::string cursor;
    std::string filter;  ///< Canonical filter document; empty for none.
    query::Sort sort;
    query::Projection projection;
    std::optional<query::Highlight> highlight;
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

/// A list's cursor and filter, parsed and checked. `text`: see parse_filter. Fails with INVALID_FILTER, INVALID_CURSOR;
/// INVALID_SORT or INVALID_PROJECTION where they want the score of a search that is none; INVALID_PARAMETER where an
/// offset is given together with a cursor, or a highlight without a search.
struct ListPosition {
    query::Filter filter;
    query::Sort sort;  ///< The query's; nearest first where it has none and the filter has a $near.
    std::uint64_t fingerprint = 0;
    std::optional<query::Cursor> cursor;
};
Result<ListPosition> position_of(const ListQuery& query,
                                 std::shared_ptr<const query::TextSource> text = nullptr);

/// The cursor after a page, from the position of its last row.
std::string next_cursor(const ListPosition& at, std::string position, const Pagination& page);

/// The engine's request for a list's page; database, collection and limits are left to the caller.
FindRequest page_request(const ListQuery& query, const ListPosition& at);

/// Where a page comes from. The names live until the reply is ready.
struct ListSource {
    std::string_view database;
    std::string_view collection;
    WorkLimits limits;
    std::size_t page_bytes = max_page_bytes;  ///< A page ends when its rows reach this.
    std::string own = {};  ///< A canonical filter that rows match beside the query's; empty: none.
    query::HiddenFieldsRef hidden = {};  ///< For whoever asks these fields don't exist.
};

/// A page of records. Fails with INVALID_FILTER, INVALID_CURSOR, INVALID_PROJECTION, INVALID_PARAMETER, and as
/// Engine::find does.
Reply<Listing> list_page(Engine& engine, ListSource source, ListQuery query);

}  // namespace credvault::storage
