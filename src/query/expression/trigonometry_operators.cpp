#include <cmath>
#include <numbers>

#include "query/expression/families.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;
using Function = double (*)(double);

constexpr double half_turn = 180.0;

double to_radians(double degrees) { return degrees * (std::numbers::pi / half_turn); }
double to_degrees(double radians) { return radians * (half_turn / std::numbers::pi); }
double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

Result<double> number_of(const Call& call, const Item& argument) {
    if (!argument.is_number()) return call.wrong_type("the argument must be a number", argument);
    return argument.as_double();
}

template <Function function>
Result<Item> map(const Call& call, Arguments arguments) {
    TRY(const double x, number_of(call, arguments[0]));
    return call.number(function(x));
}

/// For functions of the numbers from -1 to 1.
template <Function function>
Result<Item> map_unit(const Call& call, Arguments arguments) {
    TRY(const double x, number_of(call, arguments[0]));
    if (!(x >= -1 && x <= 1)) return call.wrong("the argument must lie between -1 and 1");
    return call.number(function(x));
}

Result<Item> acosh(const Call& call, Arguments arguments) {
    TRY(const double x, number_of(call, arguments[0]));
    if (!(x >= 1)) return call.wrong("the argument must be 1 or more");
    return call.number(std::acosh(x));
}

Result<Item> atan2(const Call& call, Arguments arguments) {
    TRY(const double y, number_of(call, arguments[0]));
    TRY(const double x, number_of(call, arguments[1]));
    return call.number(std::atan2(y, x));
}

constexpr Operator unary(std::string_view name, Operator::Apply apply) {
    return {.name = name, .least = 1, .most = 1, .apply = apply, .nullish = Nullish::MakesNull};
}

constexpr Operator table[] = {
    unary("$acos", map_unit<std::acos>),
    unary("$acosh", acosh),
    unary("$asin", map_unit<std::asin>),
    unary("$asinh", map<std::asinh>),
    unary("$atan", map<std::atan>),
    {.name = "$atan2", .least = 2, .most = 2, .apply = atan2, .nullish = Nullish::MakesNull},
    unary("$atanh", map_unit<std::atanh>),
    unary("$cos", map<std::cos>),
    unary("$cosh", map<std::cosh>),
    unary("$degreesToRadians", map<to_radians>),
    unary("$radiansToDegrees", map<to_degrees>),
    unary("$sigmoid", map<sigmoid>),
    unary("$sin", map<std::sin>),
    unary("$sinh", map<std::sinh>),
    unary("$tan", map<std::tan>),
    unary("$tanh", map<std::tanh>),
};

}  // namespace

std::span<const Operator> trigonometry_operators() { return table; }

}  // namespace credvault::query
