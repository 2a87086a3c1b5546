#include "json/number.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "json/writer.h"

namespace credvault::json {
namespace {

/// Decimals of at most this many digits have a double each (DBL_DIG), so they are their own shortest form.
constexpr int exact_digits = 15;
/// Integers of fewer digits than this fit into 64 bits.
constexpr int int64_digits = 19;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

const char* skip_digits(const char* at, const char* end) {
    while (at < end && is_digit(*at)) ++at;
    return at;
}

const char* skip_zeros(const char* at, const char* end) {
    while (at < end && *at == '0') ++at;
    return at;
}

/// Whether digits with a point are written as put_double would write them.
bool is_shortest(std::string_view whole, std::string_view fraction) {
    if (whole.size() + fraction.size() > exact_digits) return false;
    if (fraction.back() == '0' && fraction.size() > 1) return false;
    if (whole != "0" || fraction == "0") return true;
    return !fraction.starts_with("0000");  // Below 1e-4 there is an exponent.
}

/// Whether a number too large or too small for a double is too large.
bool is_huge(std::string_view number) {
    const char* at = number.data() + (number[0] == '-' ? 1 : 0);
    const char* end = number.data() + number.size();
    const char* whole_end = skip_digits(at, end);
    const char* fraction = whole_end < end && *whole_end == '.' ? whole_end + 1 : whole_end;
    const char* fraction_end = skip_digits(fraction, end);
    std::int64_t magnitude = 0;  // Of the first digit that counts.
    if (*at != '0') {
        magnitude = whole_end - at;
    } else {
        magnitude = fraction - skip_zeros(fraction, fraction_end);
    }
    if (fraction_end == end) return magnitude > 0;
    const char* digits = fraction_end + 1;
    const bool negative = *digits == '-';
    if (*digits == '-' || *digits == '+') ++digits;
    std::int64_t exponent = 0;
    constexpr std::int64_t beyond_any_text = std::int64_t{1} << 48;
    for (; digits < end && exponent < beyond_any_text; ++digits) exponent = exponent * 10 + (*digits - '0');
    return magnitude + (negative ? -exponent : exponent) > 0;
}

}  // namespace

NumberScan scan_number(const char* at, const char* end) {
    const bool negative = *at == '-';
    const char* whole = at + (negative ? 1 : 0);
    if (whole == end || !is_digit(*whole)) return {whole, false, "a digit must follow the minus sign"};
    const char* whole_end = *whole == '0' ? whole + 1 : skip_digits(whole, end);
    if (whole_end < end && is_digit(*whole_end))
        return {whole_end, false, "a number must not begin with a zero"};
    if (whole_end == end || (*whole_end != '.' && *whole_end != 'e' && *whole_end != 'E')) {
        return {whole_end, whole_end - whole < int64_digits && !(negative && *whole == '0'), {}};
    }
    at = whole_end;
    bool verbatim = false;
    if (*at == '.') {
        const char* fraction = at + 1;
        at = skip_digits(fraction, end);
        if (at == fraction) return {at, false, "a digit must follow the decimal point"};
        verbatim = is_shortest({whole, whole_end}, {fraction, at});
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        ++at;
        if (at < end && (*at == '-' || *at == '+')) ++at;
        const char* exponent = at;
        at = skip_digits(at, end);
        if (at == exponent) return {at, false, "a digit must follow in the exponent"};
        verbatim = false;
    }
    return {at, verbatim, {}};
}

char* put_canonical_number(char* to, std::string_view number) {
    const char* end = number.data() + number.size();
    if (number.find_first_of(".eE") == std::string_view::npos && number != "-0") {
        std::int64_t integer = 0;
        if (std::from_chars(number.data(), end, integer).ec == std::errc()) {
            return std::copy(number.begin(), number.end(), to);
        }
    }
    double value = 0;
    if (std::from_chars(number.data(), end, value).ec != std::errc()) {
        if (is_huge(number)) return nullptr;
        value = number[0] == '-' ? -0.0 : 0.0;
    }
    return put_double(to, value);
}

}  // namespace credvault::json
