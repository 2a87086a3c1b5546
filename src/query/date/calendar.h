// The proleptic Gregorian calendar on milliseconds since 1970-01-01T00:00 of a wall clock: parts, weeks, and back.
// std::chrono does the counting. Functions without state, for years 0000 to 9999.
#pragma once

#include <cstdint>

namespace credvault::query {

constexpr std::int64_t second_ms = 1000;
constexpr std::int64_t minute_ms = 60 * second_ms;
constexpr std::int64_t hour_ms = 60 * minute_ms;
constexpr std::int64_t day_ms = 24 * hour_ms;
constexpr std::int64_t min_date_ms = -62'167'219'200'000;  ///< 0000-01-01T00:00:00.000Z
constexpr std::int64_t max_date_ms = 253'402'300'799'999;  ///< 9999-12-31T23:59:59.999Z

constexpr bool is_date_ms(std::int64_t ms) { return ms >= min_date_ms && ms <= max_date_ms; }
/// Division rounding down. Precondition: divisor > 0.
constexpr std::int64_t floor_div(std::int64_t value, std::int64_t divisor) {
    return value / divisor - (value % divisor < 0 ? 1 : 0);
}
constexpr std::int64_t floor_mod(std::int64_t value, std::int64_t divisor) {
    return value - floor_div(value, divisor) * divisor;
}

struct DateParts {
    std::int64_t year = 1970;
    std::int64_t month = 1;
    std::int64_t day = 1;
    std::int64_t hour = 0;
    std::int64_t minute = 0;
    std::int64_t second = 0;
    std::int64_t millisecond = 0;
};

/// A day by week, as ISO 8601 counts: weeks begin on Monday (1), the first one has the year's first Thursday.
struct IsoWeekDate {
    std::int64_t year = 1970;
    std::int64_t week = 1;
    std::int64_t day = 1;
};

DateParts date_parts(std::int64_t local_ms);
IsoWeekDate iso_week_date(std::int64_t local_ms);
/// 1 to 366.
int day_of_year(std::int64_t local_ms);
/// 1 (Sunday) to 7 (Saturday).
int day_of_week(std::int64_t local_ms);
/// 0 to 53: weeks begin on Sunday, days before the year's first one are in week 0.
int week_of_year(std::int64_t local_ms);

/// Days since 1970-01-01. Months beyond 1 to 12 and any day carry over. Preconditions: the year within ±20,000, the
/// others within ±10^12 days.
std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day);
/// The same for a week date; any week and day carry over.
std::int64_t days_of(const IsoWeekDate& date);
/// The last day of a month. Precondition: month 1 to 12.
int last_day_of_month(std::int64_t year, std::int64_t month);

}  // namespace credvault::query
