#include <algorithm>

#include "query/expression/argument.h"
#include "query/expression/families.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;

/// Element `index` of an array, from its end where negative; missing where there is none.
Item element_at(const Item& array, std::int64_t index) {
    if (index < 0) index += static_cast<std::int64_t>(array.size());
    if (index < 0) return {};
    for (const Item element : array.elements()) {
        if (index-- == 0) return element;
    }
    return {};
}

Result<Item> array_elem_at(const Call& call, Arguments arguments) {
    TRY_VOID(need_array(call, arguments[0], "the first argument"));
    TRY(const std::int32_t index, need_int32(call, arguments[1], "the position"));
    return element_at(arguments[0], index);
}

template <std::int64_t index>
Result<Item> end_of(const Call& call, Arguments arguments) {
    TRY_VOID(need_array(call, arguments[0], "the argument"));
    return element_at(arguments[0], index);
}

Result<Item> concat_arrays(const Call& call, Arguments arguments) {
    Item::Array joined;
    for (const Item& argument : arguments) {
        if (argument.is_nullish()) return Item(nullptr);
        TRY_VOID(need_array(call, argument, "each argument"));
        TRY_VOID(call.charge(argument.size() * sizeof(Item)));
        for (const Item element : argument.elements()) joined.push_back(element);
    }
    return call.array(std::move(joined));
}

Result<Item> in(const Call& call, Arguments arguments) {
    TRY_VOID(need_array(call, arguments[1], "the second argument"));
    for (const Item element : arguments[1].elements()) {
        TRY_VOID(call.spend(1));
        if (equal(arguments[0], element)) return Item(true);
    }
    return Item(false);
}

Result<Item> index_of_array(const Call& call, Arguments arguments) {
    if (arguments[0].is_nullish()) return Item(nullptr);
    TRY_VOID(need_array(call, arguments[0], "the first argument"));
    std::int32_t bounds[] = {0, std::numeric_limits<std::int32_t>::max()};
    for (std::size_t i = 2; i < arguments.size(); ++i) {
        TRY(bounds[i - 2], need_int32(call, arguments[i], i == 2 ? "the start" : "the end"));
        if (bounds[i - 2] < 0) return call.wrong("start and end must not be negative");
    }
    std::int32_t position = 0;
    for (const Item element : arguments[0].elements()) {
        if (position >= bounds[1]) break;
        TRY_VOID(call.spend(1));
        if (position >= bounds[0] && equal(element, arguments[1])) return Item(position);
        ++position;
    }
    return Item(-1);
}

Result<Item> is_array(const Call&, Arguments arguments) { return Item(arguments[0].is_array()); }

Result<Item> range(const Call& call, Arguments arguments) {
    TRY(const std::int64_t start, need_int32(call, arguments[0], "the start"));
    TRY(const std::int64_t end, need_int32(call, arguments[1], "the end"));
    std::int64_t step = 1;
    if (arguments.size() > 2) {
        TRY(step, need_int32(call, arguments[2], "the step"));
        if (step == 0) return call.wrong("the step must not be 0");
    }
    const std::int64_t distance = step > 0 ? end - start : start - end;
    if (distance <= 0) return call.array({});
    const std::int64_t size = step > 0 ? step : -step;
    const auto count = static_cast<std::size_t>((distance + size - 1) / size);
    TRY_VOID(call.charge(count * sizeof(Item)));
    TRY_VOID(call.spend(count));
    Item::Array numbers;
    numbers.reserve(count);
    for (std::size_t i = 0; i < count; ++i) numbers.emplace_back(start + static_cast<std::int64_t>(i) * step);
    return call.array(std::move(numbers));
}

Result<Item> reverse_array(const Call& call, Arguments arguments) {
    TRY_VOID(need_array(call, arguments[0], "the argument"));
    TRY_VOID(call.charge(arguments[0].size() * sizeof(Item)));
    Item::Array elements = arguments[0].array();
    std::ranges::reverse(elements);
    return call.array(std::move(elements));
}

Result<Item> size(const Call& call, Arguments arguments) {
    TRY_VOID(need_array(call, arguments[0], "the argument"));
    return Item(static_cast<std::int64_t>(arguments[0].size()));
}

/// Up to `count` elements from a position on.
Result<Item> slice_from(const Call& call, const Item& array, std::int64_t from, std::int64_t count) {
    Item::Array elements;
    for (const Item element : array.elements()) {
        if (from > 0) {
            --from;
            continue;
        }
        if (count-- <= 0) break;
        TRY_VOID(call.charge(sizeof(Item)));
        elements.push_back(element);
    }
    return call.array(std::move(elements));
}

Result<Item> slice(const Call& call, Arguments arguments) {
    const Item& array = arguments[0];
    TRY_VOID(need_array(call, array, "the first argument"));
    const bool positioned = arguments.size() > 2;
    TRY(const std::int64_t first, need_int32(call, arguments[1], positioned ? "the position" : "the count"));
    const std::int64_t from =
        first < 0 ? std::max<std::int64_t>(0, static_cast<std::int64_t>(array.size()) + first) : first;
    if (!positioned)
        return first < 0 ? slice_from(call, array, from, -first) : slice_from(call, array, 0, first);
    TRY(const std::int64_t count, need_int32(call, arguments[2], "the count"));
    if (count <= 0) return call.wrong("the count must be positive where a position is given");
    return slice_from(call, array, from, count);
}

constexpr auto null = Nullish::MakesNull;
constexpr Operator table[] = {
    {.name = "$arrayElemAt", .least = 2, .most = 2, .apply = array_elem_at, .nullish = null},
    {.name = "$concatArrays", .least = 0, .most = any_number, .apply = concat_arrays},
    {.name = "$first", .least = 1, .most = 1, .apply = end_of<0>, .nullish = null},
    {.name = "$in", .least = 2, .most = 2, .apply = in},
    {.name = "$indexOfArray", .least = 2, .most = 4, .apply = index_of_array},
    {.name = "$isArray", .least = 1, .most = 1, .apply = is_array},
    {.name = "$last", .least = 1, .most = 1, .apply = end_of<-1>, .nullish = null},
    {.name = "$range", .least = 2, .most = 3, .apply = range},
    {.name = "$reverseArray", .least = 1, .most = 1, .apply = reverse_array, .nullish = null},
    {.name = "$size", .least = 1, .most = 1, .apply = size},
    {.name = "$slice", .least = 2, .most = 3, .apply = slice, .nullish = null},
};

}  // namespace

std::span<const Operator> array_operators() { return table; }

}  // namespace credvault::query
