// What is known of a document beside its fields.
#include "query/expression/families.h"
#include "query/expression/parser.h"

namespace credvault::query {
namespace {

class TextScoreNode final : public ExpressionNode {
public:
    Result<Item> evaluate(Evaluation& evaluation) const override {
        if (!evaluation.spend(1)) return evaluation.exhausted();
        return Item(evaluation.text_score());
    }
};

Result<NodePtr> parse_meta(ExpressionParser& parser, const json::View& argument) {
    if (argument.text() != "\"textScore\"") return parser.wrong("$meta takes \"textScore\"");
    if (!parser.has_text_score()) {
        return parser.wrong(
            "There is no score here: the pipeline needs a $text in its first $match, and the score is known "
            "only as long as documents go on one by one or sorted");
    }
    return NodePtr(std::make_unique<TextScoreNode>());
}

constexpr Operator table[] = {{.name = "$meta", .parse = parse_meta}};

}  // namespace

std::span<const Operator> meta_operators() { return table; }

}  // namespace credvault::query
