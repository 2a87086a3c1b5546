#include "query/filter_expression.h"

#include <algorithm>
#include <utility>

#include "query/expression/node.h"
#include "query/hidden_fields.h"

namespace credvault::query {
namespace {

/// More values than this are no help to an index.
constexpr std::size_t most_implied_values = 1'000;
/// Filters are tried on threads that others wait for: a record must take no longer than a few hundredths of a
/// second.
constexpr std::uint64_t most_steps = 2'000'000;

/// An equality in an expression is one of the whole value; a predicate on the same path finds that too. Not so an
/// array, which the expression may have gathered along the path; and no index knows whole arrays.
bool can_be_looked_up(const Item& value) { return !value.is_missing() && !value.is_array(); }

class Implications {
public:
    explicit Implications(Evaluation evaluation) : evaluation_(std::move(evaluation)) {}

    void read(const ExpressionNode& node) {
        const std::optional<ExpressionNode::Operation> operation = node.operation();
        if (!operation) return;
        const std::span<const NodePtr> arguments = operation->arguments;
        if (operation->name == "$and") {
            for (const NodePtr& argument : arguments) read(*argument);
        } else if (operation->name == "$eq") {
            equality(*arguments[0], *arguments[1]);
            equality(*arguments[1], *arguments[0]);
        } else if (operation->name == "$in") {
            membership(*arguments[0], *arguments[1]);
        }
    }
    std::vector<FilterNode> take() { return std::move(found_); }

private:
    void equality(const ExpressionNode& field, const ExpressionNode& value_node) {
        const std::optional<Path> path = path_of(field);
        const std::optional<Item> value = value_of(value_node);
        if (!path || !value || !can_be_looked_up(*value)) return;
        FilterNode& node = found_.emplace_back();
        node.op = FilterOp::Eq;
        node.path = *path;
        node.operands.push_back(value->value());
    }

    void membership(const ExpressionNode& field, const ExpressionNode& values_node) {
        const std::optional<Path> path = path_of(field);
        const std::optional<Item> values = value_of(values_node);
        if (!path || !values || !values->is_array() || values->size() > most_implied_values) return;
        FilterNode node;
        node.op = FilterOp::In;
        node.path = *path;
        for (const Item value : values->elements()) {
            if (!can_be_looked_up(value)) return;
            node.operands.push_back(value.value());
        }
        found_.push_back(std::move(node));
    }

    static std::optional<Path> path_of(const ExpressionNode& node) {
        if (node.field() == nullptr) return std::nullopt;
        Result<Path> path = parse_lookup_path(*node.field());
        return path.ok() ? std::optional(*std::move(path)) : std::nullopt;
    }

    std::optional<Item> value_of(const ExpressionNode& node) {
        if (!node.is_fixed()) return std::nullopt;
        Result<Item> value = node.evaluate(evaluation_);
        return value.ok() ? std::optional(*std::move(value)) : std::nullopt;
    }

    Evaluation evaluation_;
    std::vector<FilterNode> found_;
};

}  // namespace

FilterExpression::FilterExpression(Expression expression, std::int64_t now_ms)
    : expression_(std::move(expression)), now_ms_(now_ms) {}

std::shared_ptr<const FilterExpression> FilterExpression::bound(std::span<const Item> variables,
                                                                std::int64_t now_ms) const {
    auto copy = std::make_shared<FilterExpression>(expression_, now_ms);
    copy->hidden_ = hidden_;
    copy->variables_.reserve(variables.size());
    for (const Item& variable : variables) copy->variables_.push_back(variable.owned());
    return copy;
}

std::shared_ptr<const FilterExpression> FilterExpression::without(HiddenFieldsRef hidden) const {
    auto copy = std::make_shared<FilterExpression>(*this);
    copy->hidden_ = std::move(hidden);
    return copy;
}

Evaluation FilterExpression::evaluation() const {
    Evaluation evaluation(now_ms_, {.max_work = most_steps});
    for (std::size_t slot = 0; slot < variables_.size(); ++slot)
        evaluation.set_variable(slot, variables_[slot]);
    return evaluation;
}

bool FilterExpression::holds(ExpressionRun& run) const {
    if (run.error) return false;
    Evaluation evaluating = evaluation();
    std::string scratch;
    const json::View record = hidden_ ? query::without(run.record, *hidden_, scratch) : run.record;
    evaluating.begin(record);
    Result<Item> value = expression_.evaluate(evaluating);
    if (value.ok()) return value->is_truthy();
    run.error = std::move(value).error();
    return false;
}

std::vector<FilterNode> FilterExpression::implied() const {
    Evaluation evaluating = evaluation();
    evaluating.need_variables(expression_.variables());
    Implications implications(std::move(evaluating));
    implications.read(expression_.root());
    std::vector<FilterNode> found = implications.take();
    // Of a field that is not there nothing follows that an index could know.
    if (hidden_) std::erase_if(found, [&](const FilterNode& node) { return is_hidden(*hidden_, node.path); });
    return found;
}

FilterNode bound(const FilterNode& node, std::span<const Item> variables, std::int64_t now_ms) {
    FilterNode copy = node;
    if (node.op == FilterOp::Expr) copy.expression = node.expression->bound(variables, now_ms);
    copy.children.clear();
    for (const FilterNode& child : node.children) {
        FilterNode& added = copy.children.emplace_back(bound(child, variables, now_ms));
        if (node.op != FilterOp::And || child.op != FilterOp::Expr) continue;
        std::vector<FilterNode> implied = added.expression->implied();
        std::ranges::move(implied, std::back_inserter(copy.children));
    }
    return copy;
}

bool has_expressions(const FilterNode& node) {
    return node.op == FilterOp::Expr || std::ranges::any_of(node.children, has_expressions);
}

}  // namespace credvault::query
