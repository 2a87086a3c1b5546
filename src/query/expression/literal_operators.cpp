#include "query/expression/families.h"
#include "query/expression/parser.h"

namespace credvault::query {
namespace {

Result<NodePtr> parse_literal(ExpressionParser& parser, const json::View& argument) {
    return parser.literal(argument);
}

constexpr Operator table[] = {
    {.name = "$const", .parse = parse_literal},
    {.name = "$literal", .parse = parse_literal},
};

}  // namespace

std::span<const Operator> literal_operators() { return table; }

}  // namespace credvault::query
