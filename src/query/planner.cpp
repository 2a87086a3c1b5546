// How a plan is chosen: every usable index is scored by what it saves, the best one wins. The scores are rough on
// purpose: without statistics an equality is worth more than a range, and a range more than an order.
#include "query/planner.h"

#include <algorithm>
#include <utility>

#include "query/bounds.h"
#include "query/key_bytes.h"

namespace credvault::query {
namespace {

constexpr std::size_t max_ranges = 1'000;  // More values of $in than this are not worth their walks.

struct Candidate {
    Plan plan;
    double score = -1;
};

void invert(std::string& bytes) {
    for (char& c : bytes) c = static_cast<char>(~c);
}

std::string directed(std::string key, bool descending) {
    if (descending) invert(key);
    return key;
}

/// A range of one field's values as bytes of a descending field: the ends change places.
KeyRange directed(const KeyRange& range, bool descending) {
    if (!descending) return range;
    // low <= key < high ascending is ~high < ~key <= ~low: both bounds move behind what begins with them.
    std::string low = range.high;
    std::string high = range.low;
    invert(low);
    invert(high);
    return {after_prefix(std::move(low)), after_prefix(std::move(high))};
}

/// Keys are cut at whole_key_bytes: so are bounds, outwards.
KeyRange clamped(KeyRange range) {
    if (range.low.size() > whole_key_bytes) range.low.resize(whole_key_bytes);
    if (range.high.size() > whole_key_bytes) {
        range.high.resize(whole_key_bytes);
        range.high = after_prefix(range.high);
    }
    return range;
}

KeyRange within(const std::string& prefix, const KeyRange& range) {
    return clamped({prefix + range.low, range.high.empty() ? after_prefix(prefix) : prefix + range.high});
}

class IndexPlanner {
public:
    IndexPlanner(const QueryShape& query, const std::vector<const FilterNode*>& conjuncts, const IndexShape& index)
        : query_(query), conjuncts_(conjuncts), index_(index), fields_(index.keys.fields) {}

    Candidate plan() {
        candidate_.plan.access = Access::Index;
        if (index_.keys.sparse && !presence_is_implied()) return candidate_;
        bound();
        order();
        finish();
        return candidate_;
    }

private:
    bool presence_is_implied() const {
        return std::any_of(fields_.begin(), fields_.end(),
                           [&](const SortKey& field) { return implies_presence(conjuncts_, field.path); });
    }

    /// Equal values as the prefix, then one set of points or one range. Fields through one array go through it
    /// together, which the filter's predicates need not: with arrays only the first field is bounded.
    void bound() {
        Plan& plan = candidate_.plan;
        for (; fixed_ < fields_.size(); ++fixed_) {
            const SortKey& field = fields_[fixed_];
            const auto bounds = bounds_of(conjuncts_, field.path, index_.multikey);
            if (!bounds || (index_.multikey && fixed_ > 0)) break;
            used_ += bounds->used;
            if (bounds->points.size() == 1) {
                plan.prefix += directed(bounds->points[0], field.descending);
                continue;
            }
            if (!bounds->points.empty() && bounds->points.size() <= max_ranges) {
                points(*bounds, field);
                return;
            }
            if (bounds->range) range(*bounds, field);
            return;
        }
        plan.ranges.push_back(clamped({plan.prefix, after_prefix(plan.prefix)}));
    }

    void points(const PathBounds& bounds, const SortKey& field) {
        std::vector<std::string> keys;
        for (const std::string& point : bounds.points) {
            keys.push_back(candidate_.plan.prefix + directed(point, field.descending));
        }
        std::sort(keys.begin(), keys.end());
        for (std::string& key : keys) {
            std::string high = after_prefix(key);
            KeyRange range = clamped({std::move(key), std::move(high)});
            auto& ranges = candidate_.plan.ranges;
            if (ranges.empty() || ranges.back().low != range.low) ranges.push_back(std::move(range));
        }
        bounded_ = 0.8;
    }

    void range(const PathBounds& bounds, const SortKey& field) {
        candidate_.plan.ranges.push_back(within(candidate_.plan.prefix, directed(*bounds.range, field.descending)));
        bounded_ = bounds.two_sided ? 0.6 : 0.4;
    }

    /// Whether walking the entries gives the query's order (planner.h says what an index orders by).
    void order() {
        if (query_.any_order || index_.cut) return;
        std::vector<std::size_t> wanted;
        for (std::size_t i = 0; i < query_.sort.size(); ++i) {
            if (!is_fixed(query_.sort[i].path)) wanted.push_back(i);
        }
        if (wanted.size() != fields_.size() - fixed_) return;
        const bool whole_walk = fixed_ == 0 && bounded_ == 0;
        if (index_.multikey && !query_.sort.empty() && !whole_walk) return;
        const bool reverse = id_descending(query_.sort) != fields_.back().descending;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const SortKey& key = query_.sort[wanted[i]];
            const SortKey& field = fields_[fixed_ + i];
            if (!(key.path == field.path) || (key.descending != field.descending) != reverse) return;
        }
        Plan& plan = candidate_.plan;
        plan.ordered = true;
        plan.reverse = reverse;
        plan.tail = std::move(wanted);
        plan.only_marked = index_.multikey && whole_walk;
    }

    /// Equal in all matches, so that sorting by it says nothing. Elements of arrays are not.
    bool is_fixed(const Path& path) const {
        if (index_.multikey) return false;
        return std::any_of(fields_.begin(), fields_.begin() + static_cast<std::ptrdiff_t>(fixed_),
                           [&](const SortKey& field) { return field.path == path; });
    }

    void finish() {
        Plan& plan = candidate_.plan;
        const bool has_bounds = fixed_ > 0 || bounded_ > 0;
        const bool one_point = fixed_ == fields_.size() && bounded_ == 0;
        plan.distinct_rows = !index_.multikey || plan.only_marked || one_point;
        plan.exact = used_ == conjuncts_.size() && !index_.multikey && !index_.cut;
        if (conjuncts_.empty()) plan.exact = !index_.multikey && !index_.cut && !index_.keys.sparse;
        if (plan.reverse) std::reverse(plan.ranges.begin(), plan.ranges.end());
        for (std::size_t i = 0; i < fixed_; ++i) plan.selectivity *= 0.05;
        plan.selectivity *= 1.0 - bounded_ * 0.9;
        if (!has_bounds && !(plan.ordered && !query_.sort.empty())) return;
        double score = static_cast<double>(fixed_) * 100 + bounded_ * 80;
        if (one_point && index_.unique && !index_.multikey) score += 1000;
        if (plan.ordered) score += query_.has_limit ? 45 : 15;
        if (plan.exact) score += 5;
        candidate_.score = score - static_cast<double>(fields_.size());
    }

    const QueryShape& query_;
    const std::vector<const FilterNode*>& conjuncts_;
    const IndexShape& index_;
    const Sort& fields_;
    Candidate candidate_;
    std::size_t fixed_ = 0;  ///< Leading fields with one value.
    double bounded_ = 0;     ///< What the field after them is narrowed to: 0 nothing, near 1 much.
    std::size_t used_ = 0;   ///< Predicates that the bounds say completely.
};

bool sorts_by_id(const Sort& sort) { return sort.empty() || sort[0].path.text == "id"; }

/// A sort that begins with id goes by it alone.
bool id_order_reverse(const Sort& sort) { return !sort.empty() && sort[0].descending; }

std::string decoded_id(const std::string& key) {
    // A string's key is its tag, then what append_id_key makes of it.
    auto id = decode_id_key(std::string_view(key).substr(1), false);
    return id.ok() ? *std::move(id) : std::string();
}

/// By ids, or by the order of ids.
Candidate plan_by_id(const QueryShape& query, const std::vector<const FilterNode*>& conjuncts) {
    static const Path id_path = *parse_path("id");
    Candidate candidate;
    Plan& plan = candidate.plan;
    plan.ordered = !query.any_order && sorts_by_id(query.sort);
    plan.reverse = plan.ordered && id_order_reverse(query.sort);
    const auto bounds = bounds_of(conjuncts, id_path, false);
    plan.exact = conjuncts.empty() || (bounds && bounds->used == conjuncts.size());
    const std::string first_string = [] {
        std::string key;
        append_key(key, json::Value(""));
        return key.substr(0, 1);
    }();
    if (bounds && !bounds->points.empty()) {
        for (const std::string& point : bounds->points) {
            if (point.starts_with(first_string)) plan.ids.push_back(decoded_id(point));
        }
        plan.access = plan.ids.empty() ? Access::Nothing : Access::Ids;
        if (plan.reverse) std::reverse(plan.ids.begin(), plan.ids.end());
        plan.selectivity = 0.001;
        candidate.score = 2000;
        return candidate;
    }
    KeyRange ids;
    if (bounds) {
        const KeyRange& range = *bounds->range;
        if (!range.low.starts_with(first_string)) {
            plan.access = Access::Nothing;
            candidate.score = 2000;
            return candidate;
        }
        ids.low = range.low.substr(1);
        if (range.high.starts_with(first_string)) ids.high = range.high.substr(1);
        plan.selectivity = 0.3;
        candidate.score = bounds->two_sided ? 48 : 32;
    }
    plan.access = Access::IdRange;
    plan.ranges.push_back(std::move(ids));
    if (plan.ordered) candidate.score = std::max(candidate.score, 0.0) + 1;
    return candidate;
}

}  // namespace

Plan make_plan(const QueryShape& query, const std::vector<IndexShape>& indexes) {
    std::vector<const FilterNode*> all = conjuncts(query.filter.root());
    if (query.filter.matches_everything()) all.clear();
    if (std::any_of(all.begin(), all.end(), [](const FilterNode* node) { return node->op == FilterOp::Never; })) {
        Plan nothing;
        nothing.access = Access::Nothing;
        nothing.ordered = nothing.exact = true;
        return nothing;
    }
    Candidate best = plan_by_id(query, all);
    for (std::size_t i = 0; i < indexes.size(); ++i) {
        if (!indexes[i].usable) continue;
        Candidate candidate = IndexPlanner(query, all, indexes[i]).plan();
        candidate.plan.index = i;
        if (candidate.score > best.score) best = std::move(candidate);
    }
    if (best.score > 0) return std::move(best.plan);
    Plan scan;
    scan.exact = all.empty();
    return scan;
}

}  // namespace credvault::query
