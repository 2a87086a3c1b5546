#include <algorithm>

#include "query/filter_match.h"

namespace credvault::query {
namespace {

std::size_t place_of(const PathPart& part, ScopeNames& names) {
    const auto same = [&part](const PathPart* other) { return other->escaped == part.escaped; };
    const auto found = std::ranges::find_if(names, same);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    names.push_back(&part);
    return names.size() - 1;
}

}  // namespace

Predicate::Predicate(const FilterNode& node, ScopeNames& names) : op_(node.op), parts_(node.path.parts) {
    compile_operands(node);
    compile_children(node, names);
    find_only_slot();
}

void Predicate::compile_operands(const FilterNode& node) {
    std::vector<const json::Value*> values;
    switch (op_) {
        case FilterOp::Eq:
        case FilterOp::Gt:
        case FilterOp::Gte:
        case FilterOp::Lt:
        case FilterOp::Lte: operand_.emplace(node.operands[0]); break;
        case FilterOp::In:
            values.reserve(node.operands.size());
            for (const json::Value& value : node.operands) values.push_back(&value);
            values_ = std::make_shared<ValueSet>(values);
            break;
        case FilterOp::Exists: negated_ = !node.operands[0].as_bool(); break;
        case FilterOp::Type: mask_ = node.type_mask; break;
        case FilterOp::Expr: expression_ = node.expression.get(); break;
        case FilterOp::JsonSchema: schema_ = node.schema.get(); break;
        case FilterOp::Text: text_ = node.text.get(); break;
        case FilterOp::GeoWithin: shape_ = node.shape.get(); break;
        case FilterOp::Near: near_ = node.near.get(); break;
        case FilterOp::Regex: pattern_ = node.patterns[0].get(); break;
        case FilterOp::Mod: remainder_ = node.operands[1].as_int(); [[fallthrough]];
        case FilterOp::Size: number_ = node.operands[0].as_int(); break;
        case FilterOp::BitsAllSet:
        case FilterOp::BitsAllClear:
        case FilterOp::BitsAnySet:
        case FilterOp::BitsAnyClear:
            for (const json::Value& bit : node.operands[0].as_array())
                mask_ |= std::uint64_t{1} << bit.as_int();
            break;
        default: break;
    }
}

void Predicate::compile_children(const FilterNode& node, ScopeNames& names) {
    const bool whole =
        op_ == FilterOp::Size || op_ == FilterOp::ElemMatchObject || op_ == FilterOp::ElemMatchValue;
    if (whole) leaf_ = LeafArrays::Whole;
    const auto is_value = [](const FilterNode& child) { return child.op == FilterOp::Eq; };
    if (op_ == FilterOp::ElemMatchObject) {
        scope_ = std::make_shared<MatchScope>(node.children[0]);
    } else if (op_ == FilterOp::All && std::ranges::all_of(node.children, is_value)) {
        std::vector<const json::Value*> values;
        values.reserve(node.children.size());
        for (const FilterNode& child : node.children) values.push_back(&child.operands[0]);
        values_ = std::make_shared<ValueSet>(values);
    } else {
        ScopeNames none;
        children_.reserve(node.children.size());
        for (const FilterNode& child : node.children) {
            children_.emplace_back(child, op_ == FilterOp::ElemMatchValue ? none : names);
        }
    }
    const bool joins =
        op_ == FilterOp::And || op_ == FilterOp::Or || op_ == FilterOp::Nor || op_ == FilterOp::Not;
    if (!joins && !parts_.empty()) slot_ = place_of(parts_[0], names);
}

void Predicate::find_only_slot() {
    const bool joins =
        op_ == FilterOp::And || op_ == FilterOp::Or || op_ == FilterOp::Nor || op_ == FilterOp::Not;
    if (!joins) {
        if (!parts_.empty()) only_slot_ = slot_;
    } else if (!children_.empty()) {
        const std::optional<std::size_t> first = children_[0].only_slot_;
        const auto same = [&first](const Predicate& child) { return child.only_slot_ == first; };
        if (std::ranges::all_of(children_, same)) only_slot_ = first;
    }
}

}  // namespace credvault::query
