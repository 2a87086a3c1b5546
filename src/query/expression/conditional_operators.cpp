#include "query/expression/families.h"
#include "query/expression/parser.h"

namespace credvault::query {
namespace {

struct Branch {
    NodePtr condition;
    NodePtr value;
};

/// $cond and $switch: the value of the first branch whose condition is true; only that is evaluated.
class BranchNode final : public ExpressionNode {
public:
    /// Without `otherwise`, no branch to take is an error.
    BranchNode(std::vector<Branch> branches, NodePtr otherwise)
        : branches_(std::move(branches)), otherwise_(std::move(otherwise)) {}

    Result<Item> evaluate(Evaluation& evaluation) const override {
        if (!evaluation.spend(1)) return evaluation.exhausted();
        const std::size_t before = evaluation.memory();
        for (const Branch& branch : branches_) {
            TRY(const Item condition, branch.condition->evaluate(evaluation));
            evaluation.release_to(before);
            if (condition.is_truthy()) return branch.value->evaluate(evaluation);
        }
        if (otherwise_ != nullptr) return otherwise_->evaluate(evaluation);
        return Error(ErrorCode::INVALID_EXPRESSION, "$switch: no case is true and there is no default",
                     "$switch");
    }

private:
    std::vector<Branch> branches_;
    NodePtr otherwise_;
};

/// The first argument that is neither null nor missing, or the last one.
class IfNullNode final : public ExpressionNode {
public:
    explicit IfNullNode(std::vector<NodePtr> arguments) : arguments_(std::move(arguments)) {}

    Result<Item> evaluate(Evaluation& evaluation) const override {
        if (!evaluation.spend(1)) return evaluation.exhausted();
        const std::size_t last = arguments_.size() - 1;
        for (std::size_t i = 0; i < last; ++i) {
            TRY(Item value, arguments_[i]->evaluate(evaluation));
            if (!value.is_nullish()) return value;
        }
        return arguments_[last]->evaluate(evaluation);
    }

private:
    std::vector<NodePtr> arguments_;
};

Result<NodePtr> parse_cond(ExpressionParser& parser, const json::View& argument) {
    const ExpressionParser::Branches branched(parser);
    std::vector<NodePtr> parts;
    if (argument.is_object()) {
        TRY(const auto given, parser.named(argument, "if then else", ""));
        static constexpr std::string_view names[] = {"if", "then", "else"};
        for (std::size_t i = 0; i < given.size(); ++i) {
            TRY(NodePtr part, parser.expression(names[i], *given[i]));
            parts.push_back(std::move(part));
        }
    } else {
        TRY(parts, parser.arguments(argument, 3, 3));
    }
    std::vector<Branch> branches;
    branches.push_back({std::move(parts[0]), std::move(parts[1])});
    return NodePtr(std::make_unique<BranchNode>(std::move(branches), std::move(parts[2])));
}

Result<NodePtr> parse_switch(ExpressionParser& parser, const json::View& argument) {
    const ExpressionParser::Branches branched(parser);
    TRY(const auto given, parser.named(argument, "branches", "default"));
    if (!given[0]->is_array()) return parser.wrong("branches must be an array of {case, then}");
    if (given[0]->empty()) return parser.wrong("branches must have at least one {case, then}");
    std::vector<Branch> branches;
    for (const json::View branch : given[0]->elements()) {
        TRY(const auto parts, parser.named(branch, "case then", ""));
        TRY(NodePtr condition, parser.expression("case", *parts[0]));
        TRY(NodePtr value, parser.expression("then", *parts[1]));
        branches.push_back({std::move(condition), std::move(value)});
    }
    NodePtr otherwise;
    if (given[1]) {
        TRY(otherwise, parser.expression("default", *given[1]));
    }
    return NodePtr(std::make_unique<BranchNode>(std::move(branches), std::move(otherwise)));
}

Result<NodePtr> parse_if_null(ExpressionParser& parser, const json::View& argument) {
    TRY(std::vector<NodePtr> arguments, parser.arguments(argument, 2, any_number));
    return NodePtr(std::make_unique<IfNullNode>(std::move(arguments)));
}

constexpr Operator table[] = {
    {.name = "$cond", .parse = parse_cond},
    {.name = "$ifNull", .parse = parse_if_null},
    {.name = "$switch", .parse = parse_switch},
};

}  // namespace

std::span<const Operator> conditional_operators() { return table; }

}  // namespace credvault::query
