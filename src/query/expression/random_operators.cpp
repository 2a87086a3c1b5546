#include <random>

#include "query/expression/families.h"
#include "query/expression/parser.h"

namespace credvault::query {
namespace {

/// A number from 0 to below 1, of 53 random bits.
class RandomNode final : public ExpressionNode {
public:
    Result<Item> evaluate(Evaluation& evaluation) const override {
        if (!evaluation.spend(1)) return evaluation.exhausted();
        thread_local std::mt19937_64 generator{std::random_device{}()};
        constexpr int unused_bits = 11;
        constexpr double unit = 0x1p-53;
        return Item(static_cast<double>(generator() >> unused_bits) * unit);
    }
};

Result<NodePtr> parse_rand(ExpressionParser& parser, const json::View& argument) {
    const bool nothing = (argument.is_object() || argument.is_array()) && argument.empty();
    if (!nothing) return parser.wrong("The operator takes no arguments: {\"$rand\": {}}");
    return NodePtr(std::make_unique<RandomNode>());
}

constexpr Operator table[] = {{.name = "$rand", .parse = parse_rand}};

}  // namespace

std::span<const Operator> random_operators() { return table; }

}  // namespace credvault::query
