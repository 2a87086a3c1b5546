#include "query/index_plan.h"

#include <algorithm>
#include <utility>

#include "query/key_bytes.h"

namespace credvault::query {
namespace {

/// Fields beyond the first are not used where that made more ranges than this.
constexpr std::size_t max_ranges = 10'000;

const Path& id_path() {
    static const Path path = *parse_path("id");
    return path;
}

bool has_number(const Path& path) {
    return std::ranges::any_of(path.parts, [](const PathPart& part) { return part.index.has_value(); });
}

bool are_points(const Intervals& intervals) {
    return std::ranges::all_of(intervals, [](const Interval& each) { return each.point; });
}

/// How well a field's restriction bounds: points best, few of them; then both ends; then one.
int quality(const Intervals& intervals) {
    if (intervals.size() == 1 && intervals[0].point) return 3;
    if (are_points(intervals)) return 2;
    const std::string low = intervals[0].low.substr(1);
    return !low.empty() && intervals[0].high.size() > 1 ? 1 : 0;
}

class IndexPlanner {
public:
    IndexPlanner(const IndexShape& index, const QueryShape& query, const Restrictions& restrictions)
        : index_(index), fields_(index.keys.fields), query_(query), restrictions_(restrictions) {
        const std::uint32_t all =
            fields_.size() < 32 ? (std::uint32_t{1} << fields_.size()) - 1 : ~std::uint32_t{0};
        arrays_ = index.multikey ? index.multikey_fields & all : 0;
    }

    std::optional<IndexPlan> run() {
        made_.plan.access = Access::Index;
        if (index_.keys.sparse && !holds_all_matches()) return std::nullopt;
        bound();
        if (empty_) return nothing();
        make_ranges();
        settle_arrays();
        order();
        made_.plan.exact = is_exact();
        finish();
        const bool smaller = index_.keys.sparse && made_.plan.exact;
        if (!made_.score.is_bounded() && !wanted_order() && !smaller) return std::nullopt;
        return std::move(made_);
    }

private:
    bool in_arrays(std::size_t field) const { return (arrays_ >> field & 1) != 0; }

    /// In an array a number in a path may be a position or a name: a filter means both, an index one of them.
    bool is_usable(const Restriction& restriction, std::size_t field) const {
        if (!(*restriction.path == fields_[field].path)) return false;
        return !in_arrays(field) || !has_number(fields_[field].path);
    }

    /// Whether a sparse index has an entry for each record that matches.
    bool holds_all_matches() {
        for (std::size_t field = 0; field < fields_.size(); ++field) {
            for (const Restriction& restriction : restrictions_.all()) {
                if (!restriction.present || !is_usable(restriction, field)) continue;
                if (restriction.only_presence && fields_.size() == 1) made_.used.push_back(&restriction);
                return true;
            }
        }
        return false;
    }

    /// The restrictions on one field taken together; nothing where there is none.
    std::optional<Intervals> intervals_of(std::size_t field) {
        if (in_arrays(field) && shares_array(field)) return std::nullopt;
        std::optional<Intervals> found;
        const Restriction* best = nullptr;
        for (const Restriction& restriction : restrictions_.all()) {
            if (restriction.only_presence || !is_usable(restriction, field)) continue;
            if (!in_arrays(field)) {
                found = found ? intersection(*found, restriction.intervals) : restriction.intervals;
                made_.used.push_back(&restriction);
            } else if (best == nullptr || is_better(restriction, *best)) {
                // Each may hold of another element, so that only one of them bounds the entries.
                best = &restriction;
            }
        }
        if (best == nullptr) return found;
        made_.used.push_back(best);
        return best->intervals;
    }

    static bool is_better(const Restriction& a, const Restriction& b) {
        if (a.intervals.empty() || b.intervals.empty()) return a.intervals.empty() && !b.intervals.empty();
        return quality(a.intervals) > quality(b.intervals);
    }

    /// Fields that lead through the same array have entries for its elements one by one, whereas the filter's
    /// predicates may hold of different elements: only one of these fields can be bounded.
    bool shares_array(std::size_t field) const {
        for (std::size_t other = 0; other < bounded_; ++other) {
            if (in_arrays(other) && fields_[other].path.parts[0].name == fields_[field].path.parts[0].name)
                return true;
        }
        return false;
    }

    /// Leading fields with points, then one with ranges.
    void bound() {
        for (; bounded_ < fields_.size() && !ranged_; ++bounded_) {
            const std::size_t used = made_.used.size();
            std::optional<Intervals> intervals = intervals_of(bounded_);
            if (!intervals) return;
            const bool too_many = bounded_ > 0 && prefixes_.size() * intervals->size() > max_ranges;
            if (too_many) {
                made_.used.resize(used);
                return;
            }
            empty_ |= intervals->empty();
            if (empty_) return;
            add_field(*intervals);
        }
    }

    void add_field(const Intervals& ascending) {
        const SortKey& field = fields_[bounded_];
        const bool single = ascending.size() == 1 && ascending[0].point;
        const Intervals intervals = field.descending ? inverted(ascending) : ascending;
        ranged_ = !are_points(ascending);
        if (single) single_points_ |= std::uint32_t{1} << bounded_;
        made_.plan.parts.push_back({std::nullopt, single ? intervals[0].low : std::string()});
        std::vector<std::string> prefixes;
        for (const std::string& prefix : prefixes_) {
            for (const Interval& each : intervals) {
                if (ranged_) {
                    made_.plan.ranges.push_back({prefix + each.low, prefix + each.high});
                } else {
                    prefixes.push_back(prefix + each.low);
                }
            }
        }
        if (!ranged_) {
            prefixes_ = std::move(prefixes);
            ++made_.score.fixed_fields;
        } else {
            made_.score.range = quality(ascending) > 0 ? 2 : 1;
        }
    }

    void make_ranges() {
        if (!ranged_ && !bound_by_id()) {
            for (const std::string& prefix : prefixes_) {
                made_.plan.ranges.push_back({prefix, prefix.empty() ? std::string() : key_after(prefix)});
            }
        }
        if (!by_id_) clamp();
    }

    /// With all fields fixed, the entries go by id: a range of ids bounds them too.
    bool bound_by_id() {
        const bool whole =
            std::ranges::all_of(prefixes_, [](const auto& each) { return each.size() <= whole_key_bytes; });
        if (bounded_ < fields_.size() || !whole) return false;
        std::vector<const Restriction*> used;
        const std::optional<Intervals> ids = id_intervals(restrictions_, &used);
        if (!ids || ids->size() != 1) return false;
        std::string low = ids->front().low;
        std::string high = ids->front().high;
        if (id_descending(fields_)) {
            std::swap(low, high);
            for (std::string* bound : {&low, &high}) {
                invert_key(*bound);
                if (!bound->empty()) *bound = key_after(*bound);
            }
        }
        for (const std::string& prefix : prefixes_) {
            made_.plan.ranges.push_back({prefix + low, high.empty() ? key_after(prefix) : prefix + high});
        }
        made_.used.insert(made_.used.end(), used.begin(), used.end());
        return by_id_ = true;
    }

    /// Entries are cut behind whole_key_bytes, so that bounds say no more than so many bytes.
    void clamp() {
        std::vector<KeyRange> ranges;
        for (KeyRange& range : made_.plan.ranges) {
            if (range.low.size() > whole_key_bytes) {
                range.low.resize(whole_key_bytes);
                clamped_ = true;
            }
            if (range.high.size() > whole_key_bytes) {
                range.high = key_after(std::string_view(range.high).substr(0, whole_key_bytes));
                clamped_ = true;
            }
            if (!ranges.empty() && range.low < ranges.back().high) {
                ranges.back().high = std::max(ranges.back().high, range.high);
            } else {
                ranges.push_back(std::move(range));
            }
        }
        made_.plan.ranges = std::move(ranges);
    }

    /// Which fields may hold arrays decides whether a record has several entries within the ranges.
    void settle_arrays() {
        const std::uint32_t bounded = bounded_ < 32 ? (std::uint32_t{1} << bounded_) - 1 : ~std::uint32_t{0};
        made_.plan.only_marked = arrays_ != 0 && (arrays_ & bounded) == 0;
        const bool one_value_each = (arrays_ & ~single_points_) == 0 && !clamped_;
        made_.plan.distinct_rows = made_.plan.only_marked || one_value_each;
    }

    bool is_constant(const Path& path) const {
        for (std::size_t field = 0; field < bounded_; ++field) {
            const bool fixed = (single_points_ >> field & 1) != 0 && !in_arrays(field);
            if (fixed && fields_[field].path == path) return true;
        }
        return false;
    }

    /// Whether the entries come in the query's order: each field either is fixed or is the next of the sort, all in the
    /// same direction, and the ids behind them too.
    void order() {
        Plan& plan = made_.plan;
        const SortNeed need = need_of(query_.sort);
        plan.reverse = id_descending(fields_) != need.id_descending;
        plan.ordered = walks_in_order(need);
        if (!plan.ordered) {
            plan.reverse = false;
            plan.parts.clear();
        } else if (plan.reverse) {
            std::ranges::reverse(plan.ranges);
        }
    }

    bool walks_in_order(const SortNeed& need) {
        if (query_.any_order || clamped_ || !made_.plan.distinct_rows) return false;
        std::vector<PositionPart>& parts = made_.plan.parts;
        parts.resize(fields_.size());
        std::size_t next = 0;
        bool sorted_arrays = false;
        const auto skip_constants = [&] {
            while (next < need.keys && !query_.sort[next].rank && is_constant(query_.sort[next].path)) ++next;
        };
        for (std::size_t field = 0; field < fields_.size(); ++field) {
            skip_constants();
            const SortKey* key = next < need.keys ? &query_.sort[next] : nullptr;
            if (key != nullptr && !key->rank && key->path == fields_[field].path) {
                if ((key->descending != fields_[field].descending) != made_.plan.reverse || index_.cut)
                    return false;
                sorted_arrays |= in_arrays(field);
                parts[field] = {next++, {}};
            } else if ((single_points_ >> field & 1) == 0) {
                return false;
            }
        }
        skip_constants();
        return next == need.keys && (!sorted_arrays || marks_give_order());
    }

    /// A record's marked entry has the least (or greatest) of each of its fields only if their arrays are not shared.
    bool marks_give_order() const {
        if (!made_.plan.only_marked) return false;
        for (std::size_t a = 0; a < fields_.size(); ++a) {
            for (std::size_t b = 0; b < a; ++b) {
                const bool same = fields_[a].path.parts[0].name == fields_[b].path.parts[0].name;
                if (same && in_arrays(a) && in_arrays(b)) return false;
            }
        }
        return true;
    }

    bool is_exact() const {
        if (clamped_) return false;
        std::vector<bool> covered(restrictions_.conjuncts());
        for (const Restriction* restriction : made_.used) {
            bool arrays = false;
            for (std::size_t field = 0; field < fields_.size(); ++field) {
                arrays |= in_arrays(field) && fields_[field].path == *restriction->path;
            }
            if (arrays ? restriction->exact_in_arrays : restriction->exact)
                covered[restriction->conjunct] = true;
        }
        return std::ranges::all_of(covered, [](bool each) { return each; });
    }

    bool wanted_order() const { return made_.plan.ordered && !need_of(query_.sort).by_id_alone(); }

    void finish() {
        Plan& plan = made_.plan;
        PlanScore& score = made_.score;
        score.unique_point = index_.unique && score.fixed_fields == fields_.size() && plan.ranges.size() == 1;
        score.ranges = -static_cast<std::ptrdiff_t>(plan.ranges.size());
        score.ordered = plan.ordered;
        score.exact = plan.exact;
        score.fields = -static_cast<std::ptrdiff_t>(fields_.size());
        // Guesses: one value in twenty, a tenth between two bounds, a third on one side of one.
        for (std::size_t i = 0; i < score.fixed_fields; ++i) plan.selectivity *= 0.05;
        plan.selectivity *= static_cast<double>(std::max<std::size_t>(plan.ranges.size(), 1));
        if (score.range > 0) plan.selectivity *= score.range == 2 ? 0.1 : 0.33;
        plan.selectivity = std::min(plan.selectivity, 1.0);
    }

    std::optional<IndexPlan> nothing() {
        made_.plan = Plan();
        made_.plan.access = Access::Nothing;
        made_.plan.ordered = made_.plan.exact = true;
        made_.plan.selectivity = 0;
        made_.score.unique_point = true;
        return std::move(made_);
    }

    const IndexShape& index_;
    const Sort& fields_;
    const QueryShape& query_;
    const Restrictions& restrictions_;
    IndexPlan made_;
    std::uint32_t arrays_ = 0;                          ///< Fields that may hold arrays, by bit.
    std::uint32_t single_points_ = 0;                   ///< Fields fixed to one value, by bit.
    std::size_t bounded_ = 0;                           ///< So many leading fields are bounded.
    std::vector<std::string> prefixes_{std::string()};  ///< Of all entries wanted, by the fields with points.
    bool ranged_ = false;                               ///< The last field bounded has a range.
    bool by_id_ = false;    ///< A range of ids bounds the entries behind the fields.
    bool clamped_ = false;  ///< The ranges hold more than the intervals say.
    bool empty_ = false;
};

}  // namespace

SortNeed need_of(const Sort& sort) {
    for (std::size_t i = 0; i < sort.size(); ++i) {
        if (sort[i].path == id_path() && !sort[i].rank) return {i, sort[i].descending};
    }
    return {sort.size(), id_descending(sort)};
}

std::optional<IndexPlan> plan_index(const IndexShape& index, const QueryShape& query,
                                    const Restrictions& restrictions) {
    return IndexPlanner(index, query, restrictions).run();
}

std::optional<Intervals> id_intervals(const Restrictions& restrictions,
                                      std::vector<const Restriction*>* used) {
    std::optional<Intervals> ids;
    for (const Restriction& restriction : restrictions.all()) {
        if (restriction.only_presence || !(*restriction.path == id_path())) continue;
        if (!ids) ids = Intervals{type_interval(json::Type::String)};
        ids = intersection(*ids, restriction.intervals);
        used->push_back(&restriction);
    }
    if (!ids) return ids;
    for (Interval& each : *ids) {
        const bool open = each.high == std::string(1, static_cast<char>(tag_string + 1));
        each.low.erase(0, 1);
        each.high = open ? std::string() : each.high.substr(1);
    }
    return ids;
}

}  // namespace credvault::query
