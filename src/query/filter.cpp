#include "query/filter.h"

#include <utility>

#include "query/filter_expression.h"
#include "query/filter_match.h"
#include "query/filter_parser.h"

namespace credvault::query {
namespace {

/// What holds the tree and its compiled form, which points into it.
std::shared_ptr<const CompiledFilter> compile(const std::shared_ptr<const FilterNode>& root) {
    return std::make_shared<const CompiledFilter>(*root);
}

void append_conjuncts(FilterNode& out, const FilterNode& root) {
    if (root.op == FilterOp::And) {
        out.children.insert(out.children.end(), root.children.begin(), root.children.end());
    } else {
        out.children.push_back(root);
    }
}

const FilterNode* find_node(const FilterNode& node, FilterOp op) {
    if (node.op == op) return &node;
    for (const FilterNode& child : node.children) {
        if (const FilterNode* const found = find_node(child, op)) return found;
    }
    return nullptr;
}

}  // namespace

Filter::Filter() {
    static const auto root = std::make_shared<const FilterNode>();
    static const auto compiled = compile(root);
    root_ = root;
    compiled_ = compiled;
}

Filter::Filter(FilterNode root)
    : root_(std::make_shared<const FilterNode>(std::move(root))),
      compiled_(compile(root_)),
      has_expressions_(query::has_expressions(*root_)),
      near_(find_node(*root_, FilterOp::Near)) {
    if (const FilterNode* const text = find_node(*root_, FilterOp::Text)) text_ = text->text.get();
}

bool Filter::matches(const json::View& record, std::optional<std::uint32_t>* element) const {
    if (element) element->reset();
    if (!has_expressions_) return compiled_->matches(record, element, nullptr);
    ExpressionRun run{record, {}};
    return compiled_->matches(record, element, &run) && !run.error;
}

Result<bool> Filter::test_expressions(const json::View& record, std::optional<std::uint32_t>* element) const {
    if (element) element->reset();
    ExpressionRun run{record, {}};
    const bool matching = compiled_->matches(record, element, &run);
    if (run.error) return *std::move(run.error);
    return matching;
}

Filter Filter::bind(std::span<const Item> variables, std::int64_t now_ms) const {
    return has_expressions_ ? Filter(bound(*root_, variables, now_ms)) : *this;
}

bool Filter::matches_everything() const { return root_->op == FilterOp::And && root_->children.empty(); }

Result<Filter> parse_filter(const json::View& document, const FilterLimits& limits, const Scope& scope,
                            std::shared_ptr<const TextSource> text) {
    TRY(FilterNode root, FilterParser(limits, scope, std::move(text)).parse(document));
    return Filter(std::move(root));
}

Filter both(const Filter& a, const Filter& b) {
    if (a.matches_everything()) return b;
    if (b.matches_everything()) return a;
    FilterNode root;
    append_conjuncts(root, a.root());
    append_conjuncts(root, b.root());
    return Filter(std::move(root));
}

}  // namespace credvault::query
