#include "base/clock.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace credvault {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t min_ms = -62'167'219'200'000;  // 0000-01-01
constexpr std::int64_t max_ms = 253'402'300'799'999;  // 9999-12-31T23:59:59.999

std::int64_t floor_mod(std::int64_t a, std::int64_t b) { return (a % b + b) % b; }

void put(char* at, int width, int value) {
    for (int i = width - 1; i >= 0; --i, value /= 10) at[i] = static_cast<char>('0' + value % 10);
}

/// Reads exactly `width` digits and moves on; -1 where there are none.
int digits(std::string_view text, std::size_t& pos, std::size_t width) {
    if (text.size() < pos + width) return -1;
    int value = 0;
    for (std::size_t i = 0; i < width; ++i) {
        const char c = text[pos + i];
        if (c < '0' || c > '9') return -1;
        value = value * 10 + (c - '0');
    }
    pos += width;
    return value;
}

bool skip(std::string_view text, std::size_t& pos, std::string_view any_of) {
    if (pos >= text.size() || any_of.find(text[pos]) == std::string_view::npos) return false;
    ++pos;
    return true;
}

std::optional<std::int64_t> parse_date(std::string_view text, std::size_t& pos) {
    const int year = digits(text, pos, 4);
    if (year < 0 || !skip(text, pos, "-")) return {};
    const int month = digits(text, pos, 2);
    if (month < 0 || !skip(text, pos, "-")) return {};
    const int day = digits(text, pos, 2);
    if (day < 0) return {};
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return {};
    return sys_days(date).time_since_epoch().count() * day_ms;
}

struct ClockTime {
    std::int64_t ms = 0;  ///< Since midnight.
    bool leap_second = false;
};

/// The digits behind a point as milliseconds; -1 where there are none.
int parse_fraction(std::string_view text, std::size_t& pos) {
    int fraction = 0;
    int places = 0;
    for (; pos < text.size() && text[pos] >= '0' && text[pos] <= '9'; ++pos, ++places) {
        if (places < 3) fraction = fraction * 10 + (text[pos] - '0');
    }
    if (places == 0) return -1;
    for (; places < 3; ++places) fraction *= 10;
    return fraction;
}

std::optional<ClockTime> parse_clock(std::string_view text, std::size_t& pos) {
    const int hour = digits(text, pos, 2);
    if (hour < 0 || hour > 23 || !skip(text, pos, ":")) return {};
    const int minute = digits(text, pos, 2);
    if (minute < 0 || minute > 59) return {};
    const std::int64_t minutes_ms = (hour * 60LL + minute) * 60'000;
    if (!skip(text, pos, ":")) return ClockTime{minutes_ms};
    const int second = digits(text, pos, 2);
    if (second < 0 || second > 60) return {};
    int fraction = 0;
    if (skip(text, pos, ".,")) fraction = parse_fraction(text, pos);
    if (fraction < 0) return {};
    return ClockTime{minutes_ms + second * 1000LL + fraction, second == 60};
}

std::optional<std::int64_t> parse_zone(std::string_view text, std::size_t& pos) {
    if (skip(text, pos, "Zz")) return 0;
    if (pos >= text.size() || (text[pos] != '+' && text[pos] != '-')) return {};
    const int sign = text[pos++] == '-' ? -1 : 1;
    const int hour = digits(text, pos, 2);
    if (hour < 0 || hour > 23 || !skip(text, pos, ":")) return {};
    const int minute = digits(text, pos, 2);
    if (minute < 0 || minute > 59) return {};
    return sign * (hour * 60LL + minute) * 60'000;
}

}  // namespace

std::int64_t now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::int64_t monotonic_ns() {
    using namespace std::chrono;
    return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}

void append_time(std::string& out, std::int64_t ms) {
    ms = std::clamp(ms, min_ms, max_ms);
    const std::int64_t day = (ms >= 0 ? ms : ms - day_ms + 1) / day_ms;
    const auto rest = static_cast<int>(ms - day * day_ms);
    const std::chrono::year_month_day date{sys_days(days(day))};
    std::array<char, 24> text{'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0',
                              '0', ':', '0', '0', ':', '0', '0', '.', '0', '0', '0', 'Z'};
    put(&text[0], 4, static_cast<int>(date.year()));
    put(&text[5], 2, static_cast<int>(static_cast<unsigned>(date.month())));
    put(&text[8], 2, static_cast<int>(static_cast<unsigned>(date.day())));
    put(&text[11], 2, rest / 3'600'000);
    put(&text[14], 2, rest / 60'000 % 60);
    put(&text[17], 2, rest / 1000 % 60);
    put(&text[20], 3, rest % 1000);
    out.append(text.data(), text.size());
}

std::string format_time(std::int64_t ms) {
    std::string out;
    append_time(out, ms);
    return out;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
    std::size_t pos = 0;
    const auto date = parse_date(text, pos);
    if (!date) return {};
    if (pos == text.size()) return *date;
    if (!skip(text, pos, "Tt ")) return {};
    const auto clock = parse_clock(text, pos);
    if (!clock) return {};
    const auto zone = parse_zone(text, pos);
    if (!zone || pos != text.size()) return {};
    const std::int64_t ms = *date + clock->ms - *zone;
    if (ms < min_ms || ms > max_ms) return {};
    if (clock->leap_second && floor_mod(ms, day_ms) >= 1000) return {};
    return ms;
}

}  // namespace credvault
