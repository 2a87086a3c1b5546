// Nodes for operators that are functions of their evaluated arguments, for paths, and for written objects and arrays.
// Internal to query/.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/expression/field_path.h"
#include "query/expression/node.h"
#include "query/expression/operator.h"

namespace credvault::query {

class OperatorNode final : public ExpressionNode {
public:
    /// `arguments` may hold null for a named argument that is not given; `given` says so bit by bit.
    OperatorNode(const Operator& row, std::vector<NodePtr> arguments, std::uint32_t given,
                 std::shared_ptr<const Prepared> prepared);
    Result<Item> evaluate(Evaluation& evaluation) const override;
    std::optional<Operation> operation() const override { return Operation{row_.name, arguments_}; }

private:
    Result<Item> apply(Evaluation& evaluation, std::span<Item> arguments) const;

    const Operator& row_;
    std::vector<NodePtr> arguments_;
    std::uint32_t given_;
    std::shared_ptr<const Prepared> prepared_;
};

/// A path from the root or from a variable.
class PathNode final : public ExpressionNode {
public:
    /// Without a slot: from the root.
    PathNode(FieldPath path, std::optional<std::size_t> slot) : path_(std::move(path)), slot_(slot) {}
    Result<Item> evaluate(Evaluation& evaluation) const override;
    bool is_fixed() const override { return slot_.has_value(); }
    const std::string* field() const override { return slot_ || path_.empty() ? nullptr : &path_.text(); }

private:
    FieldPath path_;
    std::optional<std::size_t> slot_;
};

class ObjectNode final : public ExpressionNode {
public:
    using Members = std::vector<std::pair<std::string, NodePtr>>;
    explicit ObjectNode(Members members) : members_(std::move(members)) {}
    Result<Item> evaluate(Evaluation& evaluation) const override;

private:
    Result<Item> build(Evaluation& evaluation) const;

    Members members_;
};

class ArrayNode final : public ExpressionNode {
public:
    explicit ArrayNode(std::vector<NodePtr> elements) : elements_(std::move(elements)) {}
    Result<Item> evaluate(Evaluation& evaluation) const override;

private:
    Result<Item> build(Evaluation& evaluation) const;

    std::vector<NodePtr> elements_;
};

}  // namespace credvault::query
