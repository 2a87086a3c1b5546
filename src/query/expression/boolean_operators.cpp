#include "query/expression/families.h"
#include "query/expression/parser.h"

namespace credvault::query {
namespace {

/// $and and $or: what decides ends the evaluation.
class JunctionNode final : public ExpressionNode {
public:
    JunctionNode(bool decisive, std::vector<NodePtr> arguments)
        : decisive_(decisive), arguments_(std::move(arguments)) {}

    Result<Item> evaluate(Evaluation& evaluation) const override {
        if (!evaluation.spend(1)) return evaluation.exhausted();
        const std::size_t before = evaluation.memory();
        for (const NodePtr& argument : arguments_) {
            TRY(const Item value, argument->evaluate(evaluation));
            evaluation.release_to(before);
            if (value.is_truthy() == decisive_) return Item(decisive_);
        }
        return Item(!decisive_);
    }
    std::optional<Operation> operation() const override {
        return Operation{decisive_ ? "$or" : "$and", arguments_};
    }

private:
    bool decisive_;
    std::vector<NodePtr> arguments_;
};

Result<NodePtr> junction(ExpressionParser& parser, const json::View& argument, bool decisive) {
    TRY(std::vector<NodePtr> arguments, parser.arguments(argument, 0, any_number));
    return NodePtr(std::make_unique<JunctionNode>(decisive, std::move(arguments)));
}

Result<NodePtr> parse_and(ExpressionParser& parser, const json::View& argument) {
    return junction(parser, argument, false);
}

Result<NodePtr> parse_or(ExpressionParser& parser, const json::View& argument) {
    return junction(parser, argument, true);
}

Result<Item> negation(const Call&, std::span<Item> arguments) { return Item(!arguments[0].is_truthy()); }

constexpr Operator table[] = {
    {.name = "$and", .parse = parse_and},
    {.name = "$not", .least = 1, .most = 1, .apply = negation},
    {.name = "$or", .parse = parse_or},
};

}  // namespace

std::span<const Operator> boolean_operators() { return table; }

}  // namespace credvault::query
