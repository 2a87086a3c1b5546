// Chooses how a query is run: by id, by an index, or by walking the collection, and says what is left to do. Pure: it
// sees definitions and never data, so that every engine plans alike. Knows no SQL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
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
};

/// Bytes between which entries lie: low <= key < high; an empty high means no upper bound.
struct KeyRange {
    std::string low;
    std::string high;
};

enum class Access : std::uint8_t {
    Nothing,  ///< The filter can match nothing.
    Ids,      ///< The records with these ids (sorted in the direction of the walk).
    IdRange,  ///< The collection in the order of ids, within id_range.
    Index,    ///< The entries of one index within the ranges.
    Scan,     ///< The whole collection in any order.
};

struct Plan {
    Access access = Access::Scan;
    std::size_t index = 0;             ///< Into the shapes given, for Access::Index.
    std::vector<std::string> ids;      ///< Access::Ids.
    std::vector<KeyRange> ranges;      ///< Access::Index, IdRange (of encoded ids): disjoint, in the order of the walk.
    bool reverse = false;              ///< Walk from high to low.
    bool ordered = false;              ///< The walk gives the query's order; else rows must be sorted.
    bool exact = false;                ///< Every entry walked matches: no record need be looked at to count.
    bool distinct_rows = true;         ///< No record comes twice; else the engine must skip repeats.
    bool only_marked = false;          ///< Visit only least (forward) or greatest (reverse) entries.
    std::string prefix;                ///< Access::Index: the fixed bytes that all ranges begin with.
    std::vector<std::size_t> tail;     ///< Ordered Access::Index: the sort keys that follow the prefix in the entries.
    double selectivity = 1.0;          ///< A rough guess of the share of the collection that is walked, for explain.
};

struct QueryShape {
    const Filter& filter;
    const Sort& sort;
    bool any_order = false;       ///< The caller does not care (counting, collecting).
    bool has_limit = false;       ///< Only a part of the matches is wanted.
};

/// The plan for a query. `hint` forces an index by name ("" for none); an unknown hint is ignored by the planner.
Plan make_plan(const QueryShape& query, const std::vector<IndexShape>& indexes);
/// Narrows an ordered plan to what comes after a position (append_position's bytes).
void continue_after(Plan& plan, std::string_view position, const QueryShape& query,
                    const std::vector<IndexShape>& indexes);
/// The fields of an index that would help this query, as in "status,-created_at"; empty where none would.
std::string advised_index(const QueryShape& query);
/// One line for people: "index by_status: status = \"a\", in order", "collection scan, sorted in memory".
std::string describe(const Plan& plan, const QueryShape& query, const std::vector<IndexShape>& indexes);

}  // namespace credvault::query
