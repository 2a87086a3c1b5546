#include "query/expression/operator_node.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace credvault::query {
namespace {

constexpr std::size_t bytes_per_step = 512;

/// What an operator may have to walk over.
std::size_t weight(const Item& item) {
    return item.view() != nullptr ? item.view()->text().size() : item.bytes();
}

}  // namespace

Error Call::wrong(std::string_view message) const {
    return Error(ErrorCode::INVALID_EXPRESSION, std::string(name) + ": " + std::string(message),
                 std::string(name));
}

Error Call::wrong_type(std::string_view message, const Item& found) const {
    return wrong(std::string(message) + ", not " + std::string(type_name(found)));
}

Result<Item> Call::number(double value) const {
    if (std::isfinite(value)) return Item(value);
    return wrong("the result is no finite number");
}

Result<Item> Call::string(std::string value) const {
    TRY_VOID(charge(value.size()));
    return Item(std::move(value));
}

Result<Item> Call::array(Item::Array elements) const { return Item(std::move(elements)); }
Result<Item> Call::object(Item::Object members) const { return Item(std::move(members)); }

OperatorNode::OperatorNode(const Operator& row, std::vector<NodePtr> arguments, std::uint32_t given,
                           std::shared_ptr<const Prepared> prepared)
    : row_(row), arguments_(std::move(arguments)), given_(given), prepared_(std::move(prepared)) {}

Result<Item> OperatorNode::evaluate(Evaluation& evaluation) const {
    constexpr std::size_t usual = 3;
    const MemoryFrame frame(evaluation);
    if (arguments_.size() <= usual) {
        std::array<Item, usual> arguments;
        return frame.keep(apply(evaluation, std::span(arguments).first(arguments_.size())));
    }
    std::vector<Item> arguments(arguments_.size());
    return frame.keep(apply(evaluation, arguments));
}

Result<Item> OperatorNode::apply(Evaluation& evaluation, std::span<Item> arguments) const {
    std::size_t steps = 1;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments_[i] == nullptr) continue;
        TRY(arguments[i], arguments_[i]->evaluate(evaluation));
        steps += weight(arguments[i]) / bytes_per_step;
    }
    if (!evaluation.spend(steps)) return evaluation.exhausted();
    if (row_.nullish == Nullish::MakesNull && std::ranges::any_of(arguments, &Item::is_nullish))
        return Item(nullptr);
    return row_.apply(Call{row_.name, evaluation, prepared_.get(), given_}, arguments);
}

Result<Item> PathNode::evaluate(Evaluation& evaluation) const {
    const Item& from = slot_ ? evaluation.variable(*slot_) : evaluation.root();
    if (path_.empty()) {
        if (!evaluation.spend(1)) return evaluation.exhausted();
        return from;
    }
    return path_.from(from, evaluation);
}

Result<Item> ObjectNode::evaluate(Evaluation& evaluation) const {
    const MemoryFrame frame(evaluation);
    return frame.keep(build(evaluation));
}

Result<Item> ObjectNode::build(Evaluation& evaluation) const {
    if (!evaluation.spend(1)) return evaluation.exhausted();
    Item::Object members;
    members.reserve(members_.size());
    for (const auto& [name, node] : members_) {
        TRY(Item value, node->evaluate(evaluation));
        if (!value.is_missing()) members.emplace_back(name, std::move(value));
    }
    return Item(std::move(members));
}

Result<Item> ArrayNode::evaluate(Evaluation& evaluation) const {
    const MemoryFrame frame(evaluation);
    return frame.keep(build(evaluation));
}

Result<Item> ArrayNode::build(Evaluation& evaluation) const {
    if (!evaluation.spend(1)) return evaluation.exhausted();
    Item::Array elements;
    elements.reserve(elements_.size());
    for (const NodePtr& node : elements_) {
        TRY(Item value, node->evaluate(evaluation));
        elements.push_back(std::move(value));
    }
    return Item(std::move(elements));
}

}  // namespace credvault::query
