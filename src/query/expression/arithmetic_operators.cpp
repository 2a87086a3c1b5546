#include <cmath>
#include <optional>

#include "query/date/calendar.h"
#include "query/expression/arithmetic.h"
#include "query/expression/date_argument.h"
#include "query/expression/families.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;

Result<Item> finite(const Call& call, const Number& number) {
    if (is_finite(number)) return Item(number);
    return call.wrong("the result is no finite number");
}

/// A date moved by milliseconds, whole after rounding.
Result<Item> moved(const Call& call, std::int64_t date, const Number& by) {
    const double target = static_cast<double>(date) + as_double(by);
    if (!(target >= min_date_ms - 1.0 && target <= max_date_ms + 1.0)) return date_result(call, std::nullopt);
    return date_result(call, date + (by.is_int ? by.integer : std::llround(by.real)));
}

/// Arguments are looked at in their order; the first that is null or missing makes the result null. One may be a date.
Result<Item> add(const Call& call, Arguments arguments) {
    Sum sum;
    std::optional<std::int64_t> date;
    for (const Item& argument : arguments) {
        if (argument.is_nullish()) return Item(nullptr);
        if (argument.is_number()) {
            sum.add(argument.number());
            continue;
        }
        const auto ms = timestamp_of(argument);
        if (!ms) return call.wrong_type("it adds numbers, and milliseconds to a date", argument);
        if (date) return call.wrong("it adds to one date only");
        date = ms;
    }
    return date ? moved(call, *date, sum.total()) : finite(call, sum.total());
}

Result<Item> multiply(const Call& call, Arguments arguments) {
    Number product = integer(1);
    for (const Item& argument : arguments) {
        if (argument.is_nullish()) return Item(nullptr);
        if (!argument.is_number()) return call.wrong_type("it multiplies numbers", argument);
        product = query::multiply(product, argument.number());
    }
    return finite(call, product);
}

Status need_numbers(const Call& call, Arguments arguments) {
    for (const Item& argument : arguments) {
        if (!argument.is_number()) return call.wrong_type("it takes numbers", argument);
    }
    return {};
}

/// Numbers, milliseconds from a date, or two dates, which makes milliseconds.
Result<Item> subtract(const Call& call, Arguments arguments) {
    if (const auto date = timestamp_of(arguments[0])) {
        if (const auto other = timestamp_of(arguments[1])) return Item(*date - *other);
        if (!arguments[1].is_number())
            return call.wrong_type("it takes a date or milliseconds from a date", arguments[1]);
        return moved(call, *date, query::subtract(integer(0), arguments[1].number()));
    }
    TRY_VOID(need_numbers(call, arguments));
    return finite(call, query::subtract(arguments[0].number(), arguments[1].number()));
}

Result<Item> divide(const Call& call, Arguments arguments) {
    TRY_VOID(need_numbers(call, arguments));
    if (arguments[1].as_double() == 0) return call.wrong("the divisor must not be 0");
    return call.number(arguments[0].as_double() / arguments[1].as_double());
}

Result<Item> mod(const Call& call, Arguments arguments) {
    TRY_VOID(need_numbers(call, arguments));
    const Number divisor = arguments[1].number();
    if (is_zero(divisor)) return call.wrong("the divisor must not be 0");
    return finite(call, modulo(arguments[0].number(), divisor));
}

constexpr auto null = Nullish::MakesNull;
constexpr Operator table[] = {
    {.name = "$add", .least = 0, .most = any_number, .apply = add},
    {.name = "$divide", .least = 2, .most = 2, .apply = divide, .nullish = null},
    {.name = "$mod", .least = 2, .most = 2, .apply = mod, .nullish = null},
    {.name = "$multiply", .least = 0, .most = any_number, .apply = multiply},
    {.name = "$subtract", .least = 2, .most = 2, .apply = subtract, .nullish = null},
};

}  // namespace

std::span<const Operator> arithmetic_operators() { return table; }

}  // namespace credvault::query
