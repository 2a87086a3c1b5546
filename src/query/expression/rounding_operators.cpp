// $round and $trunc. A double is rounded as MongoDB does it: its 34 leading decimal digits are cut or rounded half to
// even at the place, and the result is the double next to those digits.
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>

#include "query/expression/argument.h"
#include "query/expression/arithmetic.h"
#include "query/expression/families.h"

namespace credvault::query {
namespace {

__extension__ using Wide = __int128;

enum class Mode : std::uint8_t { HalfToEven, TowardsZero };

constexpr int least_place = -20;
constexpr int most_place = 100;
constexpr int significant_digits = 34;

/// The integer rounded to a multiple of 10^zeros; wider than 64 bits where it grew out of them.
Wide round_integer(std::int64_t number, int zeros, Mode mode) {
    Wide unit = 1;
    for (int i = 0; i < zeros; ++i) unit *= 10;
    const Wide rest = number % unit;
    const Wide cut = number - rest;
    if (mode == Mode::TowardsZero) return cut;
    const Wide twice = rest < 0 ? -2 * rest : 2 * rest;
    const bool odd = (cut / unit) % 2 != 0;
    if (twice < unit || (twice == unit && !odd)) return cut;
    return number < 0 ? cut - unit : cut + unit;
}

/// Whether digits cut at `kept` are to be rounded up, half to even.
bool rounds_up(const std::string& digits, std::size_t kept) {
    if (digits[kept] != '5') return digits[kept] > '5';
    if (digits.find_first_not_of('0', kept + 1) != std::string::npos) return true;
    return kept > 0 && (digits[kept - 1] - '0') % 2 != 0;
}

void increment(std::string& digits) {
    std::size_t i = digits.size();
    while (i > 0 && digits[i - 1] == '9') digits[--i] = '0';
    if (i > 0) {
        ++digits[i - 1];
    } else {
        digits.insert(0, 1, '1');
    }
}

double round_double(double number, int place, Mode mode) {
    if (number == 0) return number;
    char text[significant_digits + 16];
    std::snprintf(text, sizeof text, "%.*e", significant_digits - 1, std::fabs(number));
    std::string digits(1, text[0]);
    digits.append(text + 2, significant_digits - 1);
    const int exponent = std::atoi(text + significant_digits + 2);
    const int kept = exponent + 1 + place;
    if (kept >= significant_digits) return number;
    if (kept < 0) return std::copysign(0.0, number);
    const bool up = mode == Mode::HalfToEven && rounds_up(digits, static_cast<std::size_t>(kept));
    digits.resize(static_cast<std::size_t>(kept));
    if (up) increment(digits);
    if (digits.empty()) return std::copysign(0.0, number);
    digits += "e" + std::to_string(-place);
    return std::copysign(std::strtod(digits.c_str(), nullptr), number);
}

template <Mode mode>
Result<Item> to_place(const Call& call, std::span<Item> arguments) {
    TRY_VOID(need_number(call, arguments[0], "the argument"));
    int place = 0;
    if (arguments.size() > 1) {
        TRY(place, need_int32(call, arguments[1], "the place"));
        if (place < least_place || place > most_place) {
            return call.wrong("the place must be from -20 to 100, not " + std::to_string(place));
        }
    }
    const Number number = arguments[0].number();
    if (!number.is_int) return call.number(round_double(number.real, place, mode));
    if (place >= 0) return Item(number);
    const Wide rounded = round_integer(number.integer, -place, mode);
    using Limits = std::numeric_limits<std::int64_t>;
    if (rounded < Limits::min() || rounded > Limits::max()) {
        return call.wrong("the result is no integer of 64 bits");
    }
    return Item(static_cast<std::int64_t>(rounded));
}

constexpr Operator table[] = {
    {.name = "$round",
     .least = 1,
     .most = 2,
     .apply = to_place<Mode::HalfToEven>,
     .nullish = Nullish::MakesNull},
    {.name = "$trunc",
     .least = 1,
     .most = 2,
     .apply = to_place<Mode::TowardsZero>,
     .nullish = Nullish::MakesNull},
};

}  // namespace

std::span<const Operator> rounding_operators() { return table; }

}  // namespace credvault::query
