#include "json/writer.h"
#include "query/expression/families.h"
#include "query/expression/parser.h"

namespace credvault::query {
namespace {

class LetNode final : public ExpressionNode {
public:
    LetNode(std::size_t first_slot, std::vector<NodePtr> values, NodePtr body)
        : first_slot_(first_slot), values_(std::move(values)), body_(std::move(body)) {}

    Result<Item> evaluate(Evaluation& evaluation) const override {
        const MemoryFrame frame(evaluation);
        if (!evaluation.spend(1)) return evaluation.exhausted();
        // None of them sees another, and their own variables use the same slots.
        std::vector<Item> values;
        for (const NodePtr& value : values_) {
            TRY(Item item, value->evaluate(evaluation));
            values.push_back(std::move(item));
        }
        for (std::size_t i = 0; i < values.size(); ++i) {
            evaluation.set_variable(first_slot_ + i, std::move(values[i]));
        }
        return frame.keep(body_->evaluate(evaluation));
    }

private:
    std::size_t first_slot_;
    std::vector<NodePtr> values_;
    NodePtr body_;
};

Result<NodePtr> parse_let(ExpressionParser& parser, const json::View& argument) {
    TRY(const auto given, parser.named(argument, "vars in", ""));
    if (!given[0]->is_object()) return parser.wrong("vars must be an object of variables and their values");
    std::vector<std::string> names;
    std::vector<NodePtr> values;
    for (const json::Member& member : given[0]->members()) {
        json::append_decoded(names.emplace_back(), member.name);
        TRY(NodePtr value, parser.expression(names.back(), member.value));
        values.push_back(std::move(value));
    }
    const ExpressionParser::Variables declared(parser);
    std::size_t first_slot = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        TRY(const std::size_t slot, parser.declare(names[i]));
        if (i == 0) first_slot = slot;
    }
    TRY(NodePtr body, parser.expression("in", *given[1]));
    return NodePtr(std::make_unique<LetNode>(first_slot, std::move(values), std::move(body)));
}

constexpr Operator table[] = {{.name = "$let", .parse = parse_let}};

}  // namespace

std::span<const Operator> variable_operators() { return table; }

}  // namespace credvault::query
