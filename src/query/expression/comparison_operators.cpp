#include <functional>

#include "query/expression/families.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;

Result<Item> cmp(const Call&, Arguments arguments) {
    const auto order = compare(arguments[0], arguments[1]);
    return Item(std::is_eq(order) ? 0 : std::is_lt(order) ? -1 : 1);
}

Result<Item> eq(const Call&, Arguments arguments) { return Item(equal(arguments[0], arguments[1])); }
Result<Item> ne(const Call&, Arguments arguments) { return Item(!equal(arguments[0], arguments[1])); }
Result<Item> gt(const Call&, Arguments arguments) {
    return Item(std::is_gt(compare(arguments[0], arguments[1])));
}
Result<Item> gte(const Call&, Arguments arguments) {
    return Item(std::is_gteq(compare(arguments[0], arguments[1])));
}
Result<Item> lt(const Call&, Arguments arguments) {
    return Item(std::is_lt(compare(arguments[0], arguments[1])));
}
Result<Item> lte(const Call&, Arguments arguments) {
    return Item(std::is_lteq(compare(arguments[0], arguments[1])));
}

constexpr Operator table[] = {
    {.name = "$cmp", .least = 2, .most = 2, .apply = cmp},
    {.name = "$eq", .least = 2, .most = 2, .apply = eq},
    {.name = "$ne", .least = 2, .most = 2, .apply = ne},
    {.name = "$gt", .least = 2, .most = 2, .apply = gt},
    {.name = "$gte", .least = 2, .most = 2, .apply = gte},
    {.name = "$lt", .least = 2, .most = 2, .apply = lt},
    {.name = "$lte", .least = 2, .most = 2, .apply = lte},
};

}  // namespace

std::span<const Operator> comparison_operators() { return table; }

}  // namespace credvault::query
