#include <cmath>
#include <limits>
#include <optional>

#include "query/expression/argument.h"
#include "query/expression/arithmetic.h"
#include "query/expression/families.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;

Result<Item> absolute(const Call& call, Arguments arguments) {
    TRY_VOID(need_number(call, arguments[0], "the argument"));
    const Number number = arguments[0].number();
    if (!number.is_int) return Item(std::fabs(number.real));
    if (number.integer == std::numeric_limits<std::int64_t>::min()) {
        return call.wrong("the absolute value of the least integer is no integer of 64 bits");
    }
    return Item(std::abs(number.integer));
}

template <double (*function)(double)>
Result<Item> integral(const Call& call, Arguments arguments) {
    TRY_VOID(need_number(call, arguments[0], "the argument"));
    const Number number = arguments[0].number();
    return number.is_int ? Item(number.integer) : Item(function(number.real));
}

double ceiling(double x) { return std::ceil(x); }
double floor_of(double x) { return std::floor(x); }

Result<Item> square_root(const Call& call, Arguments arguments) {
    TRY_VOID(need_number(call, arguments[0], "the argument"));
    const double number = arguments[0].as_double();
    if (number < 0) return call.wrong("the argument must not be negative");
    return Item(std::sqrt(number));
}

Result<Item> exponential(const Call& call, Arguments arguments) {
    TRY_VOID(need_number(call, arguments[0], "the exponent"));
    return call.number(std::exp(arguments[0].as_double()));
}

Result<Item> sigmoid(const Call& call, Arguments arguments) {
    TRY_VOID(need_number(call, arguments[0], "the argument"));
    return Item(1 / (1 + std::exp(-arguments[0].as_double())));
}

Result<double> positive(const Call& call, const Item& item, std::string_view what) {
    TRY_VOID(need_number(call, item, what));
    const double number = item.as_double();
    if (number > 0) return number;
    return call.wrong(std::string(what) + " must be a positive number");
}

Result<Item> natural_logarithm(const Call& call, Arguments arguments) {
    TRY(const double number, positive(call, arguments[0], "the argument"));
    return Item(std::log(number));
}

Result<Item> decimal_logarithm(const Call& call, Arguments arguments) {
    TRY(const double number, positive(call, arguments[0], "the argument"));
    return Item(std::log10(number));
}

Result<Item> logarithm(const Call& call, Arguments arguments) {
    TRY(const double number, positive(call, arguments[0], "the argument"));
    TRY(const double base, positive(call, arguments[1], "the base"));
    if (base == 1) return call.wrong("the base must not be 1");
    return call.number(std::log(number) / std::log(base));
}

/// An integer to the power of one that is not negative, while it fits.
std::optional<std::int64_t> integer_power(std::int64_t base, std::int64_t exponent) {
    std::int64_t power = 1;
    for (;;) {
        if ((exponent & 1) != 0 && __builtin_mul_overflow(power, base, &power)) return std::nullopt;
        exponent >>= 1;
        if (exponent == 0) return power;
        if (__builtin_mul_overflow(base, base, &base)) return std::nullopt;
    }
}

Result<Item> power(const Call& call, Arguments arguments) {
    TRY_VOID(need_number(call, arguments[0], "the base"));
    TRY_VOID(need_number(call, arguments[1], "the exponent"));
    const Number base = arguments[0].number();
    const Number exponent = arguments[1].number();
    if (is_zero(base) && query::as_double(exponent) < 0) return call.wrong("0 has no negative power");
    if (base.is_int && exponent.is_int) {
        if (exponent.integer >= 0) {
            if (const auto exact = integer_power(base.integer, exponent.integer)) return Item(*exact);
        } else if (base.integer == 1 || base.integer == -1) {
            return Item(exponent.integer % 2 == 0 ? std::int64_t{1} : base.integer);
        }
    }
    return call.number(std::pow(query::as_double(base), query::as_double(exponent)));
}

constexpr auto null = Nullish::MakesNull;
constexpr Operator table[] = {
    {.name = "$abs", .least = 1, .most = 1, .apply = absolute, .nullish = null},
    {.name = "$ceil", .least = 1, .most = 1, .apply = integral<ceiling>, .nullish = null},
    {.name = "$exp", .least = 1, .most = 1, .apply = exponential, .nullish = null},
    {.name = "$floor", .least = 1, .most = 1, .apply = integral<floor_of>, .nullish = null},
    {.name = "$ln", .least = 1, .most = 1, .apply = natural_logarithm, .nullish = null},
    {.name = "$log", .least = 2, .most = 2, .apply = logarithm, .nullish = null},
    {.name = "$log10", .least = 1, .most = 1, .apply = decimal_logarithm, .nullish = null},
    {.name = "$pow", .least = 2, .most = 2, .apply = power, .nullish = null},
    {.name = "$sigmoid", .least = 1, .most = 1, .apply = sigmoid, .nullish = null},
    {.name = "$sqrt", .least = 1, .most = 1, .apply = square_root, .nullish = null},
};

}  // namespace

std::span<const Operator> math_operators() { return table; }

}  // namespace credvault::query
