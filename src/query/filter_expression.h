// $expr in a filter: an expression, the values of the variables around it, and the time. Internal to query/. Immutable;
// thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "json/view.h"
#include "query/expression/expression.h"
#include "query/filter.h"

namespace credvault::query {

/// What the expressions of a filter need while a record is looked at, and the first error of one.
struct ExpressionRun {
    json::View record;
    std::optional<Error> error;
};

class FilterExpression {
public:
    FilterExpression(Expression expression, std::int64_t now_ms);

    /// The same with values for the variables of its scope, by slot; it keeps copies.
    std::shared_ptr<const FilterExpression> bound(std::span<const Item> variables, std::int64_t now_ms) const;
    /// The same, seeing records without these fields (hidden_fields.h).
    std::shared_ptr<const FilterExpression> without(
        std::shared_ptr<const std::vector<std::string>> hidden) const;
    /// Whether the value is true on the run's record. False where it fails; the run has the error.
    bool holds(ExpressionRun& run) const;
    /// Predicates that hold wherever the expression does, for the planner: from comparisons of fields with constants
    /// and bound variables by $eq and $in, also under $and.
    std::vector<FilterNode> implied() const;

private:
    Evaluation evaluation() const;

    Expression expression_;
    std::vector<Item> variables_;
    std::int64_t now_ms_;
    std::shared_ptr<const std::vector<std::string>> hidden_;  ///< Escaped names; null: none.
};

/// A copy of the tree in which every expression has these values, with what they imply beside them.
FilterNode bound(const FilterNode& node, std::span<const Item> variables, std::int64_t now_ms);
/// Whether there is an expression in the tree.
bool has_expressions(const FilterNode& node);

}  // namespace credvault::query
