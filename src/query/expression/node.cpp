#include "query/expression/node.h"

#include <string>
#include <utility>

namespace credvault::query {

std::optional<ExpressionNode::Operation> ExpressionNode::operation() const { return std::nullopt; }

Result<Item> MemoryFrame::keep(Result<Item> result) const {
    evaluation_.release_to(before_);
    if (!result.ok()) return result;
    if (const std::size_t bytes = result->bytes(); bytes > 0) {
        TRY_VOID(evaluation_.charge(bytes));
        if (result->depth() > evaluation_.limits().max_depth) {
            return Error(ErrorCode::QUERY_TOO_LARGE, "The expression builds a value of more than " +
                                                         std::to_string(evaluation_.limits().max_depth) +
                                                         " nested levels");
        }
    }
    return result;
}

ConstantNode::ConstantNode(const Item& value) {
    const bool scalar = value.is_missing() || value.is_nullish() || value.is_bool() || value.is_number();
    if (scalar) {
        value_ = value.owned();
    } else {
        text_ = value.text();
        value_ = Item(json::View(text_));
    }
}

}  // namespace credvault::query
