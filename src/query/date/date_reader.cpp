#include "query/date/date_reader.h"

#include <algorithm>
#include <array>

namespace credvault::query {
namespace {

constexpr std::array<std::string_view, 12> month_names = {"January",   "February", "March",    "April",
                                                          "May",       "June",     "July",     "August",
                                                          "September", "October",  "November", "December"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

bool same_word(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

std::optional<std::int64_t> month_of(std::string_view word, bool abbreviated) {
    for (std::size_t i = 0; i < month_names.size(); ++i) {
        const std::string_view name = month_names[i];
        if (same_word(word, name) || (abbreviated && same_word(word, name.substr(0, 3)))) {
            return static_cast<std::int64_t>(i) + 1;
        }
    }
    if (abbreviated && same_word(word, "sept")) return 9;
    return {};
}

}  // namespace

std::string_view month_name(std::int64_t month) { return month_names[static_cast<std::size_t>(month - 1)]; }

bool DateReader::take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
}

bool DateReader::take_any(std::string_view characters) {
    return !rest_.empty() && characters.find(rest_[0]) != std::string_view::npos && take(rest_[0]);
}

void DateReader::skip_spaces() {
    while (take_any(" \t")) {
    }
}

std::optional<std::int64_t> DateReader::number(std::size_t least, std::size_t most) {
    std::int64_t value = 0;
    std::size_t length = 0;
    for (; length < most && length < rest_.size() && is_digit(rest_[length]); ++length) {
        value = value * 10 + (rest_[length] - '0');
    }
    if (length < least) return {};
    rest_.remove_prefix(length);
    return value;
}

std::optional<std::int64_t> DateReader::fraction(std::size_t most) {
    std::int64_t value = 0;
    std::size_t length = 0;
    for (; length < most && length < rest_.size() && is_digit(rest_[length]); ++length) {
        if (length < 3) value = value * 10 + (rest_[length] - '0');
    }
    if (length == 0) return {};
    rest_.remove_prefix(length);
    for (; length < 3; ++length) value *= 10;
    return value;
}

std::string_view DateReader::word() {
    std::size_t length = 0;
    while (length < rest_.size() && is_letter(rest_[length])) ++length;
    const std::string_view word = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return word;
}

std::optional<std::int64_t> DateReader::month() { return month_of(word(), true); }

std::optional<std::int64_t> DateReader::full_month() { return month_of(word(), false); }

std::optional<TimeZone> DateReader::zone() {
    std::size_t length = 0;
    if (!rest_.empty() && is_letter(rest_[0])) {
        constexpr std::string_view others = "/_+-";
        while (length < rest_.size() && (is_letter(rest_[length]) || is_digit(rest_[length]) ||
                                         others.find(rest_[length]) != std::string_view::npos)) {
            ++length;
        }
        const std::string_view name = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return TimeZone::find(name == "z" ? "Z" : name);
    }
    if (rest_.empty() || (rest_[0] != '+' && rest_[0] != '-')) return {};
    length = 1;
    while (length < rest_.size() && length < 6 &&
           (is_digit(rest_[length]) || (length == 3 && rest_[length] == ':'))) {
        ++length;
    }
    // ±hhmm has five characters; a sixth digit belongs to no distance.
    const std::string_view distance = rest_.substr(0, length == 6 && rest_[3] != ':' ? 5 : length);
    rest_.remove_prefix(distance.size());
    return TimeZone::find(distance);
}

std::optional<TimeZone> DateReader::zone_minutes() {
    const bool negative = take('-');
    if (!negative) take('+');
    const auto minutes = number(1, 4);
    if (!minutes) return {};
    const auto seconds = static_cast<std::int32_t>(*minutes * 60);
    return TimeZone::fixed(negative ? -seconds : seconds);
}

}  // namespace credvault::query
