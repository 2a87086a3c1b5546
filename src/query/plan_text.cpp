// Plans in words, and the index that would help a query.
#include <algorithm>
#include <utility>

#include "query/index_plan.h"
#include "query/search_plan.h"

namespace credvault::query {
namespace {

std::string shown_value(const json::Value& value) { return shown_name(value.text()); }

std::string shown_values(const std::vector<json::Value>& values) {
    constexpr std::size_t few = 3;
    if (values.size() > few) return "(" + std::to_string(values.size()) + " values)";
    std::string text;
    for (const json::Value& value : values) text += (text.empty() ? "" : ", ") + shown_value(value);
    return "(" + text + ")";
}

/// As in `age > 5`.
std::string restriction_text(const Restriction& restriction) {
    const FilterNode& node = *restriction.node;
    const std::string path = shown_name(restriction.path->text);
    switch (node.op) {
        case FilterOp::Eq: return path + " = " + shown_value(node.operands[0]);
        case FilterOp::Gt: return path + " > " + shown_value(node.operands[0]);
        case FilterOp::Gte: return path + " >= " + shown_value(node.operands[0]);
        case FilterOp::Lt: return path + " < " + shown_value(node.operands[0]);
        case FilterOp::Lte: return path + " <= " + shown_value(node.operands[0]);
        case FilterOp::In: return path + " in " + shown_values(node.operands);
        case FilterOp::Or: return path + " in (" + std::to_string(restriction.intervals.size()) + " values)";
        case FilterOp::Regex: return path + " begins with a text";
        case FilterOp::Exists: return path + (restriction.present ? " exists" : " is missing");
        default: return path + " in an element";
    }
}

std::string order_text(const Plan& plan, const QueryShape& query) {
    if (query.any_order) return "";
    return plan.ordered ? ", in order" : ", sorted in memory";
}

std::string index_text(const Plan& plan, const QueryShape& query, const std::vector<IndexShape>& indexes) {
    const IndexShape& index = indexes[plan.index];
    const Restrictions restrictions(query.filter);
    const std::optional<IndexPlan> made = plan_index(index, query, restrictions);
    std::string bounds;
    if (made) {
        for (const Restriction* used : made->used)
            bounds += (bounds.empty() ? "" : ", ") + restriction_text(*used);
    }
    return "index " + index.name + ": " + (bounds.empty() ? "all entries" : bounds);
}

void add_name(std::vector<std::string>& names, const std::string& name) {
    const auto bare = [](std::string_view each) { return each.starts_with('-') ? each.substr(1) : each; };
    const auto is_same = [&](const std::string& each) { return bare(each) == bare(name); };
    if (names.size() < max_sort_keys && std::ranges::none_of(names, is_same)) names.push_back(name);
}

bool fixes(const Restriction& restriction) {
    return !restriction.only_presence && !restriction.intervals.empty() &&
           std::ranges::all_of(restriction.intervals, [](const Interval& each) { return each.point; });
}

bool bounds(const Restriction& restriction) {
    return !restriction.only_presence && restriction.node->op != FilterOp::Exists;
}

}  // namespace

std::string advised_index(const QueryShape& query) {
    const Restrictions restrictions(query.filter);
    std::vector<const Restriction*> by_id;
    if (restrictions.never() || id_intervals(restrictions, &by_id) || query.filter.text() != nullptr)
        return {};
    if (const std::string place = advised_place(query); !place.empty())
        return std::string(advised_geo) + place;
    std::vector<std::string> names;
    for (const Restriction& each : restrictions.all()) {
        if (fixes(each)) add_name(names, each.path->text);
    }
    for (std::size_t i = 0; i < need_of(query.sort).keys && !query.any_order; ++i) {
        if (query.sort[i].rank) continue;
        add_name(names, (query.sort[i].descending ? "-" : "") + query.sort[i].path.text);
    }
    for (const Restriction& each : restrictions.all()) {
        if (bounds(each)) add_name(names, each.path->text);
    }
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
    return text;
}

std::string describe(const Plan& plan, const QueryShape& query, const std::vector<IndexShape>& indexes) {
    switch (plan.access) {
        case Access::Nothing: return "nothing can match";
        case Access::Ids:
            return plan.ids.size() == 1 ? "one id"
                                        : std::to_string(plan.ids.size()) + " ids" + order_text(plan, query);
        case Access::IdRange: {
            const bool all =
                plan.ranges.size() == 1 && plan.ranges[0].low.empty() && plan.ranges[0].high.empty();
            return (all ? "whole collection by id" : "range of ids") + order_text(plan, query);
        }
        case Access::Text:
        case Access::Near: return search_text(plan, query, indexes[plan.index]);
        case Access::Index:
            if (indexes[plan.index].keys.type == IndexType::Geo) {
                return search_text(plan, query, indexes[plan.index]);
            }
            return index_text(plan, query, indexes) + order_text(plan, query);
        case Access::Scan: break;
    }
    return "collection scan" + order_text(plan, query);
}

}  // namespace credvault::query
