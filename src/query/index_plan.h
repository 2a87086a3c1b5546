// The plan that one index gives for a query, and how good it is. Internal to the planner.
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <vector>

#include "query/planner.h"
#include "query/restriction.h"

namespace credvault::query {

/// Greater is better; the members decide in this order (planner.h says why).
struct PlanScore {
    bool unique_point = false;     ///< At most one record.
    std::size_t fixed_fields = 0;  ///< Leading fields fixed to one value or a few.
    int range = 0;                 ///< Behind them: 0 none, 1 on one side, 2 on both.
    std::ptrdiff_t ranges = 0;     ///< Minus the number of ranges.
    bool ordered = false;
    bool exact = false;
    std::ptrdiff_t fields = 0;  ///< Minus the number of fields.

    auto operator<=>(const PlanScore&) const = default;
    bool is_bounded() const { return fixed_fields > 0 || range > 0; }
};

struct IndexPlan {
    Plan plan;
    PlanScore score;
    std::vector<const Restriction*> used;
};

/// The keys of a sort that matter: those before the id, by which all records differ.
struct SortNeed {
    std::size_t keys = 0;
    bool id_descending = false;
    bool by_id_alone() const { return keys == 0; }
};
SortNeed need_of(const Sort& sort);

/// Nothing where the index is of no use: it may lack matching records, or bounds nothing and gives no wanted order.
std::optional<IndexPlan> plan_index(const IndexShape& index, const QueryShape& query,
                                    const Restrictions& restrictions);

/// The ids that the restrictions leave, as encodings of strings without their tag. Nothing where none is on the id.
std::optional<Intervals> id_intervals(const Restrictions& restrictions,
                                      std::vector<const Restriction*>* used);

}  // namespace credvault::query
