#include "query/expression/families.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;

std::int64_t bit_and(std::int64_t a, std::int64_t b) { return a & b; }
std::int64_t bit_or(std::int64_t a, std::int64_t b) { return a | b; }
std::int64_t bit_xor(std::int64_t a, std::int64_t b) { return a ^ b; }

template <std::int64_t (*join)(std::int64_t, std::int64_t), std::int64_t neutral>
Result<Item> joined(const Call& call, Arguments arguments) {
    std::int64_t bits = neutral;
    for (const Item& argument : arguments) {
        if (argument.is_nullish()) return Item(nullptr);
        if (argument.type() != json::Type::Int)
            return call.wrong_type("each argument must be an integer", argument);
        bits = join(bits, argument.as_int());
    }
    return Item(bits);
}

Result<Item> bit_not(const Call& call, Arguments arguments) {
    if (arguments[0].type() == json::Type::Int) return Item(~arguments[0].as_int());
    return call.wrong_type("the argument must be an integer", arguments[0]);
}

constexpr Operator table[] = {
    {.name = "$bitAnd", .least = 0, .most = any_number, .apply = joined<bit_and, -1>},
    {.name = "$bitNot", .least = 1, .most = 1, .apply = bit_not, .nullish = Nullish::MakesNull},
    {.name = "$bitOr", .least = 0, .most = any_number, .apply = joined<bit_or, 0>},
    {.name = "$bitXor", .least = 0, .most = any_number, .apply = joined<bit_xor, 0>},
};

}  // namespace

std::span<const Operator> bitwise_operators() { return table; }

}  // namespace credvault::query
