#include "query/planner.h"

#include <algorithm>
#include <utility>

#include "query/index_plan.h"
#include "query/search_plan.h"

namespace credvault::query {
namespace {

Plan nothing() {
    Plan plan;
    plan.access = Access::Nothing;
    plan.ordered = plan.exact = true;
    plan.selectivity = 0;
    return plan;
}

/// Whether every predicate of the filter is said by these.
bool cover_all(const std::vector<const Restriction*>& used, const Restrictions& restrictions) {
    std::vector<bool> covered(restrictions.conjuncts());
    for (const Restriction* restriction : used) {
        if (restriction->exact) covered[restriction->conjunct] = true;
    }
    return std::ranges::all_of(covered, [](bool each) { return each; });
}

/// By the ids that the filter names or bounds, or through the whole collection in their order.
class IdPlanner {
public:
    IdPlanner(const QueryShape& query, const Restrictions& restrictions)
        : need_(need_of(query.sort)), any_order_(query.any_order) {
        const std::optional<Intervals> found = id_intervals(restrictions, &used_);
        bounded_ = found.has_value();
        if (bounded_) intervals_ = *found;
        exact_ = cover_all(used_, restrictions);
    }

    bool is_bounded() const { return bounded_; }
    /// Whether the filter names ids.
    bool is_points() const {
        return bounded_ && std::ranges::all_of(intervals_, [](const Interval& each) { return each.point; });
    }
    /// Whether a walk by id is of use without bounds.
    bool is_order() const { return need_.by_id_alone() && !any_order_; }

    Plan plan() const {
        if (bounded_ && intervals_.empty()) return nothing();
        Plan plan;
        plan.exact = exact_;
        plan.ordered = is_order();
        plan.reverse = plan.ordered && need_.id_descending;
        if (is_points()) {
            plan.access = Access::Ids;
            plan.selectivity = 0;
            for (const Interval& each : intervals_) {
                // A point's encoding was made of an id.
                if (Result<std::string> id = decode_id_key(each.low, false); id.ok())
                    plan.ids.push_back(*std::move(id));
            }
            if (plan.reverse) std::ranges::reverse(plan.ids);
            return plan;
        }
        plan.access = Access::IdRange;
        plan.selectivity = bounded_ ? 0.33 : 1.0;
        for (const Interval& each : intervals_) plan.ranges.push_back({each.low, each.high});
        if (!bounded_) plan.ranges.emplace_back();
        if (plan.reverse) std::ranges::reverse(plan.ranges);
        return plan;
    }

private:
    SortNeed need_;
    bool any_order_;
    bool bounded_ = false;
    bool exact_ = false;
    Intervals intervals_;
    std::vector<const Restriction*> used_;
};

std::optional<IndexPlan> best_index(const QueryShape& query, const Restrictions& restrictions,
                                    const std::vector<IndexShape>& indexes) {
    std::optional<IndexPlan> best;
    for (std::size_t i = 0; i < indexes.size(); ++i) {
        if (!indexes[i].usable || indexes[i].keys.type != IndexType::Value) continue;
        std::optional<IndexPlan> made = plan_index(indexes[i], query, restrictions);
        if (!made || (best && made->score <= best->score)) continue;
        made->plan.index = i;
        best = std::move(made);
    }
    return best;
}

}  // namespace

Plan make_plan(const QueryShape& query, const std::vector<IndexShape>& indexes) {
    const Restrictions restrictions(query.filter);
    if (restrictions.never()) return nothing();
    const IdPlanner by_id(query, restrictions);
    if (by_id.is_points()) return by_id.plan();
    std::optional<IndexPlan> index = best_index(query, restrictions, indexes);
    const bool one_at_most = index && index->score.unique_point;
    std::optional<Plan> search = one_at_most ? std::nullopt : plan_search(query, restrictions, indexes);
    const bool narrower = search && index && index->score.fixed_fields > 0 &&
                          search->access == Access::Index && index->plan.selectivity <= search->selectivity;
    if (search && !narrower) return *std::move(search);
    const bool is_fixed = index && (index->score.fixed_fields > 0 || index->plan.access == Access::Nothing);
    if (index && (is_fixed || !by_id.is_bounded())) return std::move(index->plan);
    if (by_id.is_bounded() || by_id.is_order()) return by_id.plan();
    Plan scan;
    scan.exact = restrictions.conjuncts() == 0;
    return scan;
}

}  // namespace credvault::query
