#include "query/search_plan.h"

#include <algorithm>
#include <utility>

#include "query/geo/near.h"
#include "query/geo/shape.h"
#include "query/index_plan.h"
#include "query/key_bytes.h"
#include "query/text/text_query.h"

namespace credvault::query {
namespace {

/// The root's predicates of one kind, which all must hold.
std::vector<const FilterNode*> conjuncts(const QueryShape& query, FilterOp op) {
    std::vector<const FilterNode*> found;
    for (const FilterNode& child : query.filter.root().children) {
        if (child.op == op) found.push_back(&child);
    }
    return found;
}

bool has_source(const IndexShape& index, const TextSource& source) {
    if (!index.usable || index.keys.type != IndexType::Text) return false;
    return index.keys.text ? *index.keys.text == source : TextSource(index.keys) == source;
}

bool has_place(const IndexShape& index, const Path& path) {
    return index.usable && index.keys.type == IndexType::Geo && index.keys.fields[0].path == path;
}

std::optional<Plan> plan_text(const QueryShape& query, const Restrictions& restrictions,
                              const std::vector<IndexShape>& indexes) {
    const std::vector<const FilterNode*> texts = conjuncts(query, FilterOp::Text);
    if (texts.empty()) return std::nullopt;
    const std::shared_ptr<const TextQuery>& text = texts[0]->text;
    const auto index = std::ranges::find_if(
        indexes, [&](const IndexShape& each) { return has_source(each, text->source()); });
    if (index == indexes.end()) return std::nullopt;
    const SortNeed need = need_of(query.sort);
    Plan plan;
    plan.access = Access::Text;
    plan.index = static_cast<std::size_t>(index - indexes.begin());
    plan.text = text;
    plan.ranges.emplace_back();
    plan.ordered = need.by_id_alone() && !query.any_order;
    plan.reverse = plan.ordered && need.id_descending;
    plan.ranked = !query.any_order && query.sort.size() == 1 && query.sort[0].rank;
    plan.exact = restrictions.conjuncts() == 1 && text->is_terms_only();
    plan.selectivity = 0.01;
    return plan;
}

Plan cells_plan(std::size_t index, const CellRanges& cells, const IndexShape& shape) {
    Plan plan;
    plan.access = Access::Index;
    plan.index = index;
    plan.ranges = key_ranges(cells);
    plan.distinct_rows = !shape.multikey;
    plan.selectivity = share_of(cells);
    return plan;
}

/// The shape, or the greatest distance, that leaves the least of the globe.
std::optional<Plan> plan_places(const QueryShape& query, const std::vector<IndexShape>& indexes) {
    std::optional<Plan> best;
    const auto consider = [&](const Path& path, const CellRanges& cells) {
        for (std::size_t i = 0; i < indexes.size(); ++i) {
            if (!has_place(indexes[i], path)) continue;
            Plan plan = cells_plan(i, cells, indexes[i]);
            if (!best || plan.selectivity < best->selectivity) best = std::move(plan);
        }
    };
    for (const FilterNode* const node : conjuncts(query, FilterOp::GeoWithin)) {
        consider(node->path, cover(node->shape->bounds()));
    }
    for (const FilterNode* const node : conjuncts(query, FilterOp::Near)) {
        consider(node->path, node->near->cells_within(node->near->last_reach()));
    }
    return best;
}

std::optional<Plan> plan_nearest(const QueryShape& query, const std::vector<IndexShape>& indexes) {
    const FilterNode* const node = query.filter.near();
    const bool nearest = node != nullptr && !query.any_order && !query.sort.empty() && query.sort[0].rank;
    if (!nearest) return std::nullopt;
    const auto index =
        std::ranges::find_if(indexes, [&](const IndexShape& each) { return has_place(each, node->path); });
    if (index == indexes.end()) return std::nullopt;
    Plan plan;
    plan.access = Access::Near;
    plan.index = static_cast<std::size_t>(index - indexes.begin());
    plan.near = node->near;
    plan.distinct_rows = !index->multikey;
    plan.selectivity = 0.01;
    return plan;
}

}  // namespace

std::vector<KeyRange> key_ranges(const CellRanges& cells) {
    std::vector<KeyRange> ranges;
    for (const CellRange& each : cells) {
        KeyRange& range = ranges.emplace_back();
        append_cell(range.low, each.first);
        // All ones is the last cell there is; it has no next one.
        if (each.last != ~std::uint64_t{0}) append_cell(range.high, each.last + 1);
    }
    return ranges;
}

std::optional<Plan> plan_search(const QueryShape& query, const Restrictions& restrictions,
                                const std::vector<IndexShape>& indexes) {
    if (std::optional<Plan> plan = plan_text(query, restrictions, indexes)) return plan;
    if (std::optional<Plan> plan = plan_nearest(query, indexes)) return plan;
    return plan_places(query, indexes);
}

std::string search_text(const Plan& plan, const QueryShape& query, const IndexShape& index) {
    std::string text = "index " + index.name + ": ";
    if (plan.access == Access::Text) {
        text += "words of \"" + shown_name(plan.text->search()) + "\"";
        if (plan.ranked) return text + ", best first";
    } else if (plan.access == Access::Near) {
        return text + "outwards from a point, nearest first";
    } else {
        text += std::to_string(plan.ranges.size()) + " ranges of cells";
    }
    if (query.any_order) return text;
    return text + (plan.ordered ? ", in order" : ", sorted in memory");
}

std::string advised_place(const QueryShape& query) {
    if (query.filter.near() != nullptr) return query.filter.near()->path.text;
    const std::vector<const FilterNode*> shapes = conjuncts(query, FilterOp::GeoWithin);
    return shapes.empty() ? std::string() : shapes[0]->path.text;
}

}  // namespace credvault::query
