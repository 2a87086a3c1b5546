// Accumulators in the place of expressions: over their arguments, or over the elements of the one argument if it is an
// array. Values that an accumulator has no use for are passed over.
#include <algorithm>
#include <functional>

#include "query/expression/argument.h"
#include "query/expression/arithmetic.h"
#include "query/expression/families.h"
#include "query/expression/statistics.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;

/// Calls `add` for every value.
template <class Add>
void each_value(Arguments arguments, const Add& add) {
    if (arguments.size() == 1 && arguments[0].is_array()) {
        for (const Item element : arguments[0].elements()) add(element);
        return;
    }
    for (const Item& argument : arguments) add(argument);
}

struct Total {
    Sum sum;
    std::uint64_t count = 0;
};

Total total_of(Arguments arguments) {
    Total total;
    each_value(arguments, [&total](const Item& value) {
        if (!value.is_number()) return;
        total.sum.add(value.number());
        ++total.count;
    });
    return total;
}

Result<Item> sum(const Call& call, Arguments arguments) {
    const Number total = total_of(arguments).sum.total();
    return total.is_int ? Result<Item>(Item(total)) : call.number(total.real);
}

Result<Item> average(const Call& call, Arguments arguments) {
    const Total total = total_of(arguments);
    if (total.count == 0) return Item(nullptr);
    return call.number(total.sum.as_double() / static_cast<double>(total.count));
}

template <bool greatest>
Result<Item> extreme(const Call&, Arguments arguments) {
    Item best;
    each_value(arguments, [&best](const Item& value) {
        if (value.is_nullish()) return;
        const bool better = greatest ? std::is_gt(compare(value, best)) : std::is_lt(compare(value, best));
        if (best.is_missing() || better) best = value;
    });
    return best.is_missing() ? Item(nullptr) : best;
}

template <bool of_sample>
Result<Item> deviation(const Call& call, Arguments arguments) {
    Deviation found;
    each_value(arguments, [&found](const Item& value) {
        if (value.is_number()) found.add(value.as_double());
    });
    const std::optional<double> result = of_sample ? found.sample() : found.population();
    return result ? call.number(*result) : Item(nullptr);
}

Result<PercentileMethod> need_method(const Call& call, const Item& item) {
    if (item.is_string()) {
        if (const auto method = percentile_method(item.string())) return *method;
    }
    return call.wrong(R"(method must be "approximate", "discrete" or "continuous")");
}

Result<std::vector<double>> sorted_numbers(const Call& call, Item& input) {
    std::vector<double> numbers;
    if (input.is_array()) TRY_VOID(call.charge(input.size() * sizeof(double)));
    each_value({&input, 1}, [&numbers](const Item& value) {
        if (value.is_number()) numbers.push_back(value.as_double());
    });
    TRY_VOID(call.spend(numbers.size()));
    std::ranges::sort(numbers);
    return numbers;
}

Result<Item> median(const Call& call, Arguments arguments) {
    TRY(const PercentileMethod method, need_method(call, arguments[1]));
    TRY(const std::vector<double> numbers, sorted_numbers(call, arguments[0]));
    if (numbers.empty()) return Item(nullptr);
    return call.number(percentile(numbers, 0.5, method));
}

Result<Item> percentiles(const Call& call, Arguments arguments) {
    TRY(const PercentileMethod method, need_method(call, arguments[2]));
    if (!arguments[1].is_array() || arguments[1].size() == 0) {
        return call.wrong("p must be a non-empty array of numbers from 0 to 1");
    }
    TRY(const std::vector<double> numbers, sorted_numbers(call, arguments[0]));
    Item::Array found;
    for (const Item p : arguments[1].elements()) {
        if (!p.is_number() || p.as_double() < 0 || p.as_double() > 1) {
            return call.wrong("p must be a non-empty array of numbers from 0 to 1");
        }
        if (numbers.empty()) {
            found.emplace_back(nullptr);
        } else {
            TRY(Item value, call.number(percentile(numbers, p.as_double(), method)));
            found.push_back(std::move(value));
        }
    }
    return call.array(std::move(found));
}

constexpr Operator table[] = {
    {.name = "$avg", .least = 0, .most = any_number, .apply = average},
    {.name = "$max", .least = 0, .most = any_number, .apply = extreme<true>},
    {.name = "$median", .apply = median, .required = "input method"},
    {.name = "$min", .least = 0, .most = any_number, .apply = extreme<false>},
    {.name = "$percentile", .apply = percentiles, .required = "input p method"},
    {.name = "$stdDevPop", .least = 0, .most = any_number, .apply = deviation<false>},
    {.name = "$stdDevSamp", .least = 0, .most = any_number, .apply = deviation<true>},
    {.name = "$sum", .least = 0, .most = any_number, .apply = sum},
};

}  // namespace

std::span<const Operator> accumulator_operators() { return table; }

}  // namespace credvault::query
