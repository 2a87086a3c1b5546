// An aggregation expression: MongoDB's, on JSON values (README.md). Parsed once and checked whole; immutable, cheap to
// copy, evaluated by any number of threads at once, each with an Evaluation of its own. Items that it gives may borrow
// from the record's text and from the expression: neither may go before them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/result.h"
#include "json/view.h"
#include "query/expression/evaluation.h"
#include "query/expression/item.h"
#include "query/expression/scope.h"
#include "query/limits.h"

namespace credvault::query {

class ExpressionNode;

class Expression {
public:
    /// Parses any expression: "$a.b", {"$add": […]}, a value. Variables of the scope keep their slots. Fails with
    /// INVALID_EXPRESSION or UNSUPPORTED_OPERATOR; `field` is the place in the expression.
    static Result<Expression> parse(const json::View& spec, const Scope& scope = {},
                                    const ExpressionLimits& limits = query_limits().expression);

    /// The value on the evaluation's record; missing where `$$REMOVE`, or a path that leads nowhere, says so. Fails
    /// with INVALID_EXPRESSION (`field` is the operator), QUERY_TOO_LARGE or QUERY_TIMEOUT.
    Result<Item> evaluate(Evaluation& evaluation) const;

    /// The value where it is the same on every record, or null.
    const Item* constant() const;
    /// The path ("a.b") where the expression is a field of the record and nothing else, or null.
    const std::string* field() const;

    /// For what reads expressions instead of evaluating them, inside query/.
    const ExpressionNode& root() const { return *root_; }
    /// The slots that variables take, those of the scope among them.
    std::size_t variables() const { return variables_; }

private:
    Expression(std::shared_ptr<const ExpressionNode> root, std::size_t variables);

    std::shared_ptr<const ExpressionNode> root_;
    std::size_t variables_;
};

}  // namespace credvault::query
