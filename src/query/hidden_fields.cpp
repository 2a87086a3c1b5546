#include "query/hidden_fields.h"

#include <algorithm>
#include <utility>

#include "query/filter_expression.h"
#include "query/json_schema.h"

namespace credvault::query {
namespace {

FilterNode everything() { return {}; }

FilterNode nothing() {
    FilterNode node;
    node.op = FilterOp::Never;
    return node;
}

bool is_everything(const FilterNode& node) { return node.op == FilterOp::And && node.children.empty(); }

/// What a predicate says where its field is missing.
bool holds_of_nothing(const FilterNode& predicate) {
    FilterNode root;
    root.children.push_back(predicate);
    return Filter(std::move(root)).matches(json::View("{}"));
}

FilterNode blinded(const FilterNode& node, const HiddenFieldsRef& hidden);

void blind_children(FilterNode& node, const HiddenFieldsRef& hidden) {
    for (FilterNode& child : node.children) child = blinded(child, hidden);
    if (node.op == FilterOp::And) std::erase_if(node.children, is_everything);
}

FilterNode blinded(const FilterNode& node, const HiddenFieldsRef& hidden) {
    FilterNode copy = node;
    switch (node.op) {
        case FilterOp::And:
        case FilterOp::Or:
        case FilterOp::Nor: blind_children(copy, hidden); return copy;
        case FilterOp::Expr: copy.expression = node.expression->without(hidden); return copy;
        case FilterOp::JsonSchema:
            copy.schema = std::make_shared<const JsonSchema>(node.schema->without(*hidden));
            return copy;
        // A $text searches an index, which is one that is seen where its filter was parsed.
        case FilterOp::Text: return copy;
        default: break;
    }
    // What has no path may look at anything.
    if (node.path.parts.empty()) return nothing();
    if (!is_hidden(*hidden, node.path)) return copy;
    return holds_of_nothing(node) ? everything() : nothing();
}

}  // namespace

bool is_hidden(const HiddenFields& hidden, std::string_view escaped_name) {
    return std::ranges::find(hidden, escaped_name) != hidden.end();
}

bool is_hidden(const HiddenFields& hidden, const Path& path) {
    return is_hidden(hidden, path.parts.front().escaped);
}

bool has_hidden(const HiddenFields& hidden, const json::View& object) {
    if (hidden.empty() || !object.is_object()) return false;
    for (const json::Member& member : object.members()) {
        if (is_hidden(hidden, member.name)) return true;
    }
    return false;
}

void append_without(std::string& out, const json::View& object, const HiddenFields& hidden) {
    out += '{';
    bool first = true;
    for (const json::Member& member : object.members()) {
        if (is_hidden(hidden, member.name)) continue;
        if (!std::exchange(first, false)) out += ',';
        // From the quote before the name to the value's end.
        const std::string_view value = member.value.text();
        out.append(member.name.data() - 1, value.data() + value.size());
    }
    out += '}';
}

json::View without(const json::View& object, const HiddenFields& hidden, std::string& scratch) {
    if (!has_hidden(hidden, object)) return object;
    scratch.clear();
    append_without(scratch, object, hidden);
    return json::View(scratch);
}

Filter without(const Filter& filter, const HiddenFieldsRef& hidden) {
    if (!hidden || hidden->empty() || filter.matches_everything()) return filter;
    FilterNode root;
    root.children.push_back(blinded(filter.root(), hidden));
    // The root is one And.
    if (root.children.front().op == FilterOp::And) root = FilterNode(std::move(root.children.front()));
    return Filter(std::move(root));
}

Sort without(const Sort& sort, const HiddenFields& hidden) {
    if (hidden.empty() || sort.empty()) return sort;
    Sort kept;
    for (const SortKey& key : sort) {
        if (key.rank || !is_hidden(hidden, key.path)) kept.push_back(key);
    }
    const bool descending = id_descending(sort);
    const auto by_id = [](const SortKey& key) { return key.path.text == "id"; };
    if (kept.size() < sort.size() && id_descending(kept) != descending && std::ranges::none_of(kept, by_id)) {
        Path id;
        id.text = "id";
        id.parts.push_back({"id", "id", {}});
        kept.push_back({std::move(id), descending});
    }
    return kept;
}

}  // namespace credvault::query
