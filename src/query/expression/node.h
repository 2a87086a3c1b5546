// A node of a parsed expression. Nodes are made by the parser, immutable and evaluated by any number of threads at
// once. Internal to query/, where operators that control evaluation themselves have nodes of their own.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "query/expression/evaluation.h"
#include "query/expression/item.h"

namespace credvault::query {

class ExpressionNode {
public:
    ExpressionNode() = default;
    ExpressionNode(const ExpressionNode&) = delete;
    ExpressionNode& operator=(const ExpressionNode&) = delete;
    virtual ~ExpressionNode() = default;

    /// The value on the evaluation's record. Fails with INVALID_EXPRESSION, QUERY_TOO_LARGE or QUERY_TIMEOUT.
    virtual Result<Item> evaluate(Evaluation& evaluation) const = 0;
    /// The value where it is the same always, or null.
    virtual const Item* constant() const { return nullptr; }
    /// Whether the value is the same on every record, given the variables of the expression's scope.
    virtual bool is_fixed() const { return constant() != nullptr; }
    /// An operator of which all arguments are nodes, as written.
    struct Operation;
    virtual std::optional<Operation> operation() const;
    /// The path ("a.b") where this is a field of the root and nothing else, or null.
    virtual const std::string* field() const { return nullptr; }
};

using NodePtr = std::unique_ptr<const ExpressionNode>;

struct ExpressionNode::Operation {
    std::string_view name;
    std::span<const NodePtr> arguments;  ///< Null for a named one that is not given.
};

/// Sets the count of memory back to what it was when an operator began, its result aside.
class MemoryFrame {
public:
    explicit MemoryFrame(Evaluation& evaluation) : evaluation_(evaluation), before_(evaluation.memory()) {}
    /// Keeps the result in the count, and nothing else. Fails where the result does not fit or is nested too deeply.
    Result<Item> keep(Result<Item> result) const;

private:
    Evaluation& evaluation_;
    std::size_t before_;
};

/// A value written down. Its text is the node's own.
class ConstantNode final : public ExpressionNode {
public:
    explicit ConstantNode(const Item& value);
    Result<Item> evaluate(Evaluation&) const override { return value_; }
    const Item* constant() const override { return &value_; }

private:
    std::string text_;
    Item value_;
};

}  // namespace credvault::query
