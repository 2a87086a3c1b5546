#include "query/whole_number.h"

#include <cmath>

namespace credvault::query {

std::optional<std::int64_t> whole_number(const json::View& value, Fractions fractions) {
    if (value.type() == json::Type::Int) return value.as_int();
    if (value.type() != json::Type::Double) return std::nullopt;
    constexpr double limit = 9223372036854775808.0;  // 2^63
    const double number = value.as_double();
    const double whole = std::trunc(number);
    if (whole < -limit || whole >= limit || (fractions == Fractions::Refused && whole != number))
        return std::nullopt;
    return static_cast<std::int64_t>(whole);
}

}  // namespace credvault::query
