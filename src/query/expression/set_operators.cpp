// Arrays taken as sets: the order of elements and their number mean nothing. Results come sorted, but for
// $setDifference, which keeps the order of its first argument.
#include <algorithm>
#include <bit>

#include "query/expression/argument.h"
#include "query/expression/families.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;

bool less(const Item& a, const Item& b) { return std::is_lt(compare(a, b)); }

/// Sorts and leaves one of equal elements, the first.
void make_set(Item::Array& elements) {
    std::ranges::stable_sort(elements, less);
    const auto rest = std::ranges::unique(elements, [](const Item& a, const Item& b) { return equal(a, b); });
    elements.erase(rest.begin(), rest.end());
}

/// An array's elements as a set.
Result<Item::Array> set_of(const Call& call, const Item& array) {
    constexpr std::size_t bytes_per_step = 512;
    const std::size_t size = array.size();
    const std::size_t text = array.view() != nullptr ? array.view()->text().size() : array.bytes();
    TRY_VOID(call.charge(size * sizeof(Item)));
    TRY_VOID(call.spend((size + text / bytes_per_step) * static_cast<std::uint64_t>(std::bit_width(size))));
    Item::Array elements = array.array();
    make_set(elements);
    return elements;
}

Result<Item> set_union(const Call& call, Arguments arguments) {
    Item::Array joined;
    for (const Item& argument : arguments) {
        if (argument.is_nullish()) return Item(nullptr);
        TRY_VOID(need_array(call, argument, "each argument"));
        TRY(Item::Array elements, set_of(call, argument));
        std::ranges::move(elements, std::back_inserter(joined));
    }
    TRY_VOID(call.spend(joined.size() * static_cast<std::uint64_t>(std::bit_width(joined.size()))));
    make_set(joined);
    return call.array(std::move(joined));
}

Result<Item> set_intersection(const Call& call, Arguments arguments) {
    Item::Array common;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i].is_nullish()) return Item(nullptr);
        TRY_VOID(need_array(call, arguments[i], "each argument"));
        TRY(Item::Array elements, set_of(call, arguments[i]));
        if (i == 0) {
            common = std::move(elements);
        } else {
            std::erase_if(common, [&](const Item& element) {
                return !std::ranges::binary_search(elements, element, less);
            });
        }
    }
    return call.array(std::move(common));
}

Result<Item> set_difference(const Call& call, Arguments arguments) {
    TRY_VOID(need_array(call, arguments[0], "the first argument"));
    TRY_VOID(need_array(call, arguments[1], "the second argument"));
    TRY(const Item::Array second, set_of(call, arguments[1]));
    TRY(const Item::Array first, set_of(call, arguments[0]));
    std::vector<bool> taken(first.size());
    Item::Array rest;
    for (const Item element : arguments[0].elements()) {
        if (std::ranges::binary_search(second, element, less)) continue;
        const auto place =
            static_cast<std::size_t>(std::ranges::lower_bound(first, element, less) - first.begin());
        if (taken[place]) continue;
        taken[place] = true;
        rest.push_back(element);
    }
    return call.array(std::move(rest));
}

Result<Item> set_equals(const Call& call, Arguments arguments) {
    for (const Item& argument : arguments) {
        TRY_VOID(need_array(call, argument, "each argument"));
    }
    TRY(const Item::Array first, set_of(call, arguments[0]));
    for (const Item& argument : arguments.subspan(1)) {
        TRY(const Item::Array other, set_of(call, argument));
        if (!std::ranges::equal(first, other, [](const Item& a, const Item& b) { return equal(a, b); })) {
            return Item(false);
        }
    }
    return Item(true);
}

Result<Item> set_is_subset(const Call& call, Arguments arguments) {
    TRY_VOID(need_array(call, arguments[0], "the first argument"));
    TRY_VOID(need_array(call, arguments[1], "the second argument"));
    TRY(const Item::Array second, set_of(call, arguments[1]));
    for (const Item element : arguments[0].elements()) {
        TRY_VOID(call.spend(static_cast<std::uint64_t>(std::bit_width(second.size()))));
        if (!std::ranges::binary_search(second, element, less)) return Item(false);
    }
    return Item(true);
}

Result<Item> all_elements_true(const Call& call, Arguments arguments) {
    TRY_VOID(need_array(call, arguments[0], "the argument"));
    for (const Item element : arguments[0].elements()) {
        if (!element.is_truthy()) return Item(false);
    }
    return Item(true);
}

Result<Item> any_element_true(const Call& call, Arguments arguments) {
    TRY_VOID(need_array(call, arguments[0], "the argument"));
    for (const Item element : arguments[0].elements()) {
        if (element.is_truthy()) return Item(true);
    }
    return Item(false);
}

constexpr Operator table[] = {
    {.name = "$allElementsTrue", .least = 1, .most = 1, .apply = all_elements_true},
    {.name = "$anyElementTrue", .least = 1, .most = 1, .apply = any_element_true},
    {.name = "$setDifference", .least = 2, .most = 2, .apply = set_difference, .nullish = Nullish::MakesNull},
    {.name = "$setEquals", .least = 2, .most = any_number, .apply = set_equals},
    {.name = "$setIntersection", .least = 0, .most = any_number, .apply = set_intersection},
    {.name = "$setIsSubset", .least = 2, .most = 2, .apply = set_is_subset},
    {.name = "$setUnion", .least = 0, .most = any_number, .apply = set_union},
};

}  // namespace

std::span<const Operator> set_operators() { return table; }

}  // namespace credvault::query
