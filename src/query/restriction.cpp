#include "query/restriction.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "query/key_bytes.h"
#include "query/pattern.h"

namespace credvault::query {
namespace {

/// An array as operand means the whole array as well as an element that is one; entries only know elements.
bool has_array(const std::vector<json::Value>& operands) {
    return std::ranges::any_of(operands, [](const json::Value& operand) { return operand.is_array(); });
}

std::optional<Intervals> comparison_intervals(const FilterNode& node) {
    if (has_array(node.operands)) return std::nullopt;
    const json::Value& operand = node.operands[0];
    const Interval point = point_of(operand);
    Interval within = type_interval(operand.type());
    switch (node.op) {
        case FilterOp::Gt: within.low = point.high; break;
        case FilterOp::Gte: within.low = point.low; break;
        case FilterOp::Lt: within.high = point.low; break;
        default: within.high = point.high;
    }
    within.point = false;
    // Nothing lies above true, below null and the like; and some ranges are one value.
    return intersection({std::move(within)}, {everything()});
}

std::optional<Intervals> pattern_intervals(const FilterNode& node) {
    const std::optional<std::string>& prefix = node.patterns[0]->literal_prefix();
    if (!prefix) return std::nullopt;
    Interval within = type_interval(json::Type::String);
    append_key_text(within.low, *prefix);
    if (!prefix->empty()) within.high = key_after(within.low);
    return Intervals{std::move(within)};
}

/// $or of nothing but equalities of one path is $in.
std::optional<Intervals> alternatives(const FilterNode& node) {
    std::vector<json::Value> values;
    for (const FilterNode& child : node.children) {
        const bool is_equality =
            child.op == FilterOp::Eq || (child.op == FilterOp::In && child.patterns.empty());
        if (!is_equality || !(child.path == node.children[0].path) || has_array(child.operands))
            return std::nullopt;
        values.insert(values.end(), child.operands.begin(), child.operands.end());
    }
    return points_of(values);
}

/// The values that satisfy a predicate on a single value; nothing where an index can't tell.
std::optional<Intervals> intervals_of(const FilterNode& node) {
    switch (node.op) {
        case FilterOp::Eq:
        case FilterOp::In:
            if (has_array(node.operands) || !node.patterns.empty()) return std::nullopt;
            return points_of(node.operands);
        case FilterOp::Gt:
        case FilterOp::Gte:
        case FilterOp::Lt:
        case FilterOp::Lte: return comparison_intervals(node);
        case FilterOp::Regex: return pattern_intervals(node);
        default: return std::nullopt;
    }
}

bool says_all(const FilterNode& node) {
    return node.op != FilterOp::Regex || node.patterns[0]->is_prefix_only();
}

Path joined(const Path& outer, const Path& inner) {
    Path path = outer;
    path.text += '.' + inner.text;
    path.parts.insert(path.parts.end(), inner.parts.begin(), inner.parts.end());
    return path;
}

}  // namespace

Restrictions::Restrictions(const Filter& filter) { read_conjunction(filter.root()); }

void Restrictions::read_conjunction(const FilterNode& node) {
    if (node.op == FilterOp::And) {
        for (const FilterNode& child : node.children) read_conjunction(child);
        return;
    }
    if (node.op == FilterOp::Never) never_ = true;
    const Path& path = node.op == FilterOp::Or && !node.children.empty() ? node.children[0].path : node.path;
    read(node, path);
    ++conjuncts_;
}

void Restrictions::add(Restriction restriction, const FilterNode& node, const Path& path) {
    restriction.path = &path;
    restriction.node = &node;
    restriction.conjunct = conjuncts_;
    all_.push_back(std::move(restriction));
}

void Restrictions::read(const FilterNode& node, const Path& path) {
    Restriction made;
    switch (node.op) {
        case FilterOp::Exists:
            made.present = made.only_presence = node.operands[0].as_bool();
            made.intervals = {made.present ? everything() : nothing_there()};
            made.exact = made.exact_in_arrays = made.present && elements_ == 0;
            return add(std::move(made), node, path);
        case FilterOp::All:
            ++elements_;
            for (const FilterNode& child : node.children) read(child, path);
            --elements_;
            return;
        case FilterOp::ElemMatchObject:
        case FilterOp::ElemMatchValue:
            ++elements_;
            read_element_filter(node, path);
            --elements_;
            return;
        default: break;
    }
    std::optional<Intervals> intervals = node.op == FilterOp::Or ? alternatives(node) : intervals_of(node);
    if (!intervals) return;
    made.intervals = *std::move(intervals);
    const bool null = holds_null(made.intervals);
    made.present = !null;
    made.exact = elements_ == 0 && says_all(node);
    // On the way to a field, what is no object among an array's elements is null to an index and nothing to a filter.
    made.exact_in_arrays = made.exact && (!null || path.parts.size() == 1);
    add(std::move(made), node, path);
}

void Restrictions::read_element_filter(const FilterNode& node, const Path& path) {
    if (node.op == FilterOp::ElemMatchObject) {
        const FilterNode& filter = node.children[0];
        const std::vector<FilterNode> alone;
        const auto& conjunction = filter.op == FilterOp::And ? filter.children : alone;
        const auto read_inner = [&](const FilterNode& child) {
            if (!child.path.parts.empty()) read(child, joined_.emplace_back(joined(path, child.path)));
        };
        if (filter.op != FilterOp::And) read_inner(filter);
        for (const FilterNode& child : conjunction) read_inner(child);
        return;
    }
    // All of it is said of one and the same element.
    Restriction made;
    made.present = true;
    made.intervals = {everything()};
    bool bounds = false;
    for (const FilterNode& child : node.children) {
        const std::optional<Intervals> intervals = intervals_of(child);
        if (!intervals) continue;
        made.intervals = intersection(made.intervals, *intervals);
        bounds = true;
    }
    if (bounds) add(std::move(made), node, path);
}

}  // namespace credvault::query
