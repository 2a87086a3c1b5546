#include "query/decimal_multiple.h"

#include <charconv>
#include <cmath>
#include <cstdint>

namespace credvault::query {
namespace {

/// digits * 10^exponent
struct Decimal {
    std::uint64_t digits = 0;
    int exponent = 0;
};

Decimal decimal_of(std::int64_t value) {
    return {value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value), 0};
}

Decimal decimal_of(double value) {
    char text[32];
    const char* const end =
        std::to_chars(text, text + sizeof text, std::fabs(value), std::chars_format::scientific, 14).ptr;
    Decimal decimal;
    const char* at = text;
    for (; at != end && *at != 'e'; ++at) {
        if (*at != '.') decimal.digits = decimal.digits * 10 + static_cast<std::uint64_t>(*at - '0');
    }
    at += at[1] == '+' ? 2 : 1;  // Behind the e; from_chars knows no plus.
    std::from_chars(at, end, decimal.exponent);
    decimal.exponent -= 14;
    while (decimal.digits != 0 && decimal.digits % 10 == 0) {
        decimal.digits /= 10;
        ++decimal.exponent;
    }
    return decimal;
}

__extension__ using Wide = unsigned __int128;

std::uint64_t times(std::uint64_t a, std::uint64_t b, std::uint64_t modulus) {
    return static_cast<std::uint64_t>(static_cast<Wide>(a) * b % modulus);
}

/// digits * 10^power modulo the divisor.
std::uint64_t remainder(std::uint64_t digits, int power, std::uint64_t divisor) {
    std::uint64_t result = digits % divisor;
    std::uint64_t factor = 10 % divisor;
    for (; power > 0; power /= 2) {
        if (power % 2 == 1) result = times(result, factor, divisor);
        factor = times(factor, factor, divisor);
    }
    return result;
}

bool is_multiple(const Decimal& value, Decimal divisor) {
    if (value.digits == 0) return true;
    const int power = value.exponent - divisor.exponent;
    if (power >= 0) return remainder(value.digits, power, divisor.digits) == 0;
    // The divisor has more zeros: it grows until it is larger than the value's digits, or fits.
    for (int i = power; i < 0; ++i) {
        if (divisor.digits > value.digits / 10) return false;
        divisor.digits *= 10;
    }
    return value.digits % divisor.digits == 0;
}

}  // namespace

bool is_multiple(const json::View& value, const json::Value& divisor) {
    const bool is_int = value.type() == json::Type::Int;
    const bool by_int = divisor.type() == json::Type::Int;
    return is_multiple(is_int ? decimal_of(value.as_int()) : decimal_of(value.as_double()),
                       by_int ? decimal_of(divisor.as_int()) : decimal_of(divisor.as_double()));
}

}  // namespace credvault::query
