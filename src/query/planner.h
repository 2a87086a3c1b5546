// Chooses how a query is run: by id, by an index, or by walking the collection, and says what is left to do. Pure: it
// sees definitions and never data, so that every engine plans alike. Knows no SQL. Thread-safe.
//
// Among the indexes the best is, in this order: one whose unique key the filter fixes; the one with more leading fields
// fixed to values; with a range behind them (better on both sides than on one); with fewer ranges to walk; that gives
// the wanted order; that needs no record to count; with fewer fields. Ids given beat indexes; no index beats a walk by
// id for a list without a filter that an index can use. A text index is used where the filter has a $text, a geo index
// for the nearest, and for shapes where they are a smaller part of the globe than a value index is guessed to leave.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/filter.h"
#include "query/key.h"
#include "query/sort.h"

namespace credvault::query {

/// What the planner needs to know of an index.
struct IndexShape {
    std::string name;
    IndexFields keys;
    bool unique = false;
    bool usable = true;     ///< Completely built.
    bool multikey = false;  ///< Some record has an array there.
    bool cut = false;       ///< Some key was cut: order and equality need the record.
    /// Where multikey: in which fields, by bit (IndexKeys). An engine that keeps only `multikey` leaves all bits set;
    /// one that keeps them gets more plans in order: `tags` may hold arrays and `created_at` still sort.
    std::uint32_t multikey_fields = ~std::uint32_t{0};
};

/// Bytes between which entries lie: low <= key < high; an empty high means no upper bound.
struct KeyRange {
    std::string low;
    std::string high;
};

enum class Access : std::uint8_t {
    Nothing,  ///< The filter can match nothing.
    Ids,      ///< The records with these ids (sorted in the direction of the walk).
    IdRange,  ///< The collection in the order of ids, within the ranges.
    Index,    ///< The entries of one index within the ranges.
    Scan,     ///< The whole collection in any order.
    Text,  ///< The records that have a term of `text` and all required ones, by id, within the ranges of ids.
    Near,  ///< The records in rings around `near`, nearer ones first, but in any order within a ring.
};

/// Where the bytes of one index field come from when an ordered walk goes on after a position.
struct PositionPart {
    std::optional<std::size_t> sort_key;  ///< This sort key's value; none: the filter fixes the field.
    std::string bytes;                    ///< Then these.
};

struct Plan {
    Access access = Access::Scan;
    std::size_t index = 0;         ///< Into the shapes given, where uses_index().
    std::vector<std::string> ids;  ///< Access::Ids.
    /// Access::Index, and IdRange and Text (of ids as append_id_key encodes them, ascending): disjoint, in the walk's
    /// order.
    std::vector<KeyRange> ranges;
    bool reverse = false;  ///< Walk from high to low.
    bool ordered =
        false;           ///< The walk gives the query's order; else rows must be sorted. Not with any_order.
    bool exact = false;  ///< Every entry walked matches: no record need be looked at to count.
    bool distinct_rows = true;  ///< No record comes twice; else the engine must skip repeats.
    bool only_marked = false;   ///< Visit only least (forward) or greatest (reverse) entries.
    double selectivity = 1.0;   ///< A rough guess of the share of the collection that is walked, for explain.
    /// Of an ordered Access::Index, for continue_after: one for each index field.
    std::vector<PositionPart> parts;
    std::shared_ptr<const TextQuery> text;  ///< Access::Text.
    std::shared_ptr<const GeoNear> near;    ///< Access::Near.
    bool ranked = false;  ///< Access::Text: the query's order is by score alone, which entries tell.

    bool uses_index() const {
        return access == Access::Index || access == Access::Text || access == Access::Near;
    }
};

struct QueryShape {
    const Filter& filter;
    const Sort& sort;
    bool any_order = false;  ///< The caller does not care (counting, collecting).
    bool has_limit = false;  ///< Only a part of the matches is wanted.
};

struct CellRange;  // geo/cells.h
/// The entries of a geo index for these cells.
std::vector<KeyRange> key_ranges(const std::vector<CellRange>& cells);

/// The plan for a query.
Plan make_plan(const QueryShape& query, const std::vector<IndexShape>& indexes);
/// Narrows an ordered plan to what comes after a position (append_position's bytes). Precondition: the plan is ordered
/// and was made for the same query and indexes. Bytes that are no position leave nothing.
void continue_after(Plan& plan, std::string_view position, const QueryShape& query,
                    const std::vector<IndexShape>& indexes);
/// The fields of an index that would help this query, as in "status,-created_at"; empty where none would. Fields that
/// the filter fixes come first, then those of the sort, then those with ranges. "geo:place" is a geo index.
constexpr std::string_view advised_geo = "geo:";
std::string advised_index(const QueryShape& query);
/// One line for people: "index by_status: status = \"a\", in order", "collection scan, sorted in memory".
std::string describe(const Plan& plan, const QueryShape& query, const std::vector<IndexShape>& indexes);

}  // namespace credvault::query
