// Plans in words, and the index that would help a query (planner.h).
#include <algorithm>
#include <utility>

#include "query/bounds.h"
#include "query/planner.h"

namespace credvault::query {
namespace {

bool is_named(const std::vector<std::string>& fields, const Path& path) {
    return std::any_of(fields.begin(), fields.end(), [&](const std::string& field) {
        return field == path.text || (field.starts_with('-') && std::string_view(field).substr(1) == path.text);
    });
}

std::string joined(const std::vector<std::string>& fields) {
    std::string text;
    for (const std::string& field : fields) {
        if (!text.empty()) text += ',';
        text += field;
    }
    return text;
}

std::string order_text(const Plan& plan, const QueryShape& query) {
    if (query.any_order) return "";
    return plan.ordered ? ", in order" : ", sorted in memory";
}

std::string ranges_text(const Plan& plan) {
    return plan.ranges.size() == 1 ? "1 range" : std::to_string(plan.ranges.size()) + " ranges";
}

}  // namespace

std::string advised_index(const QueryShape& query) {
    const std::vector<const FilterNode*> all = conjuncts(query.filter.root());
    std::vector<std::string> fields;
    std::vector<std::string> ranges;
    for (const FilterNode* node : all) {
        if (node->path.text.empty() || node->path.text == "id" || is_named(fields, node->path)) continue;
        const auto bounds = bounds_of(all, node->path, false);
        if (!bounds) continue;
        if (bounds->points.size() == 1) {
            fields.push_back(node->path.text);
        } else if (!is_named(ranges, node->path)) {
            ranges.push_back(node->path.text);
        }
    }
    for (const SortKey& key : query.sort) {
        if (key.path.text == "id" || is_named(fields, key.path)) continue;
        fields.push_back((key.descending ? "-" : "") + key.path.text);
    }
    for (std::string& range : ranges) {
        if (std::find(fields.begin(), fields.end(), range) == fields.end() &&
            std::find(fields.begin(), fields.end(), "-" + range) == fields.end()) {
            fields.push_back(std::move(range));
        }
    }
    return joined(fields);
}

std::string describe(const Plan& plan, const QueryShape& query, const std::vector<IndexShape>& indexes) {
    switch (plan.access) {
        case Access::Nothing:
            return "nothing can match";
        case Access::Ids:
            return std::to_string(plan.ids.size()) + (plan.ids.size() == 1 ? " record by id" : " records by id") +
                   order_text(plan, query);
        case Access::IdRange:
            return std::string(plan.ranges.size() == 1 && plan.ranges[0].low.empty() && plan.ranges[0].high.empty()
                                   ? "whole collection by id"
                                   : "range of ids") +
                   order_text(plan, query);
        case Access::Index: {
            const IndexShape& index = indexes[plan.index];
            return "index " + index.name + " (" + sort_text(index.keys.fields) + "), " + ranges_text(plan) +
                   (plan.exact ? ", covers the filter" : "") + order_text(plan, query);
        }
        case Access::Scan:
            return "collection scan" + order_text(plan, query);
    }
    return {};
}

}  // namespace credvault::query
