#include "query/expression/expression.h"

#include <utility>

#include "query/expression/node.h"
#include "query/expression/parser.h"

namespace credvault::query {

Expression::Expression(std::shared_ptr<const ExpressionNode> root, std::size_t variables)
    : root_(std::move(root)), variables_(variables) {}

Result<Expression> Expression::parse(const json::View& spec, const Scope& scope,
                                     const ExpressionLimits& limits) {
    if (spec.text().size() > limits.max_bytes) {
        return Error(ErrorCode::INVALID_EXPRESSION,
                     "An expression may have at most " + std::to_string(limits.max_bytes) + " bytes");
    }
    ExpressionParser parser(scope, limits);
    TRY(NodePtr root, parser.expression(spec));
    return Expression(std::move(root), parser.variables());
}

Result<Item> Expression::evaluate(Evaluation& evaluation) const {
    evaluation.need_variables(variables_);
    return root_->evaluate(evaluation);
}

const Item* Expression::constant() const { return root_->constant(); }
const std::string* Expression::field() const { return root_->field(); }

}  // namespace credvault::query
