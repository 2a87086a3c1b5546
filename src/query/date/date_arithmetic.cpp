#include "query/date/date_arithmetic.h"

#include <algorithm>
#include <array>
#include <string>

#include "query/date/calendar.h"

namespace credvault::query {
namespace {

constexpr std::array<std::string_view, 9> unit_names = {"year", "quarter", "month",  "week",       "day",
                                                        "hour", "minute",  "second", "millisecond"};
constexpr std::array<std::string_view, 7> weekday_names = {"sunday",   "monday", "tuesday", "wednesday",
                                                           "thursday", "friday", "saturday"};
constexpr std::int64_t reference_year = 2000;
constexpr std::int64_t reference_day = 10'957;  // 2000-01-01, a Saturday.
/// More units of any kind than there are milliseconds in ten thousand years lead out of the range.
constexpr std::int64_t max_amount = max_date_ms - min_date_ms;

std::int64_t unit_ms(TimeUnit unit) {
    switch (unit) {
        case TimeUnit::Hour: return hour_ms;
        case TimeUnit::Minute: return minute_ms;
        case TimeUnit::Second: return second_ms;
        case TimeUnit::Millisecond: return 1;
        default: return day_ms;
    }
}

/// 12, 3 or 1 for units that are made of months, else 0.
std::int64_t unit_months(TimeUnit unit) {
    switch (unit) {
        case TimeUnit::Year: return 12;
        case TimeUnit::Quarter: return 3;
        case TimeUnit::Month: return 1;
        default: return 0;
    }
}

std::optional<std::int64_t> in_range(std::int64_t ms) {
    if (!is_date_ms(ms)) return {};
    return ms;
}

std::optional<std::int64_t> local_in_range(std::int64_t local_ms, const TimeZone& zone) {
    // Local times a day beyond the range can still be dates.
    if (local_ms < min_date_ms - 5 * day_ms || local_ms > max_date_ms + 5 * day_ms) return {};
    return in_range(zone.to_utc(local_ms));
}

std::optional<std::int64_t> add_months(const ZonedDate& date, std::int64_t months) {
    const std::int64_t local = date.zone.to_local(date.ms);
    const DateParts parts = date_parts(local);
    const std::int64_t month_count = parts.year * 12 + parts.month - 1 + months;
    const std::int64_t year = floor_div(month_count, 12);
    const std::int64_t month = floor_mod(month_count, 12) + 1;
    if (year < -1 || year > 10'000) return {};
    const std::int64_t day = std::min<std::int64_t>(parts.day, last_day_of_month(year, month));
    return local_in_range(days_of(year, month, day) * day_ms + floor_mod(local, day_ms), date.zone);
}

/// The week's number, counted from any fixed one. 1970-01-01 was a Thursday.
std::int64_t week_index(std::int64_t day, int week_start) { return floor_div(day + 4 - week_start, 7); }

/// Months, quarters, years, weeks or days begun on the wall clock since a fixed time.
std::int64_t calendar_index(std::int64_t local_ms, TimeUnit unit, int week_start) {
    const std::int64_t day = floor_div(local_ms, day_ms);
    if (unit == TimeUnit::Day) return day;
    if (unit == TimeUnit::Week) return week_index(day, week_start);
    const DateParts parts = date_parts(local_ms);
    return floor_div(parts.year * 12 + parts.month - 1, unit_months(unit));
}

std::optional<std::int64_t> truncate_months(const ZonedDate& date, std::int64_t bin_months) {
    const DateParts parts = date_parts(date.zone.to_local(date.ms));
    const std::int64_t months = (parts.year - reference_year) * 12 + parts.month - 1;
    const std::int64_t start = floor_div(months, bin_months) * bin_months;
    const std::int64_t year = reference_year + floor_div(start, 12);
    if (year < -1) return {};
    return local_in_range(days_of(year, floor_mod(start, 12) + 1, 1) * day_ms, date.zone);
}

std::optional<std::int64_t> truncate_days(const ZonedDate& date, std::int64_t bin_days,
                                          std::int64_t reference) {
    const std::int64_t day = floor_div(date.zone.to_local(date.ms), day_ms);
    const std::int64_t start = reference + floor_div(day - reference, bin_days) * bin_days;
    if (start < floor_div(min_date_ms, day_ms) - 1) return {};
    return local_in_range(start * day_ms, date.zone);
}

}  // namespace

std::optional<TimeUnit> parse_time_unit(std::string_view name) {
    const auto* const found = std::find(unit_names.begin(), unit_names.end(), name);
    if (found == unit_names.end()) return {};
    return static_cast<TimeUnit>(found - unit_names.begin());
}

std::optional<int> parse_weekday(std::string_view name) {
    std::string lower(name.substr(0, 10));
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    for (std::size_t i = 0; i < weekday_names.size(); ++i) {
        if (lower == weekday_names[i] || lower == weekday_names[i].substr(0, 3)) return static_cast<int>(i);
    }
    return {};
}

std::optional<std::int64_t> add_to_date(const ZonedDate& date, TimeUnit unit, std::int64_t amount) {
    if (amount > max_amount || amount < -max_amount) return {};
    if (const std::int64_t months = unit_months(unit); months > 0) return add_months(date, amount * months);
    std::int64_t step = 0;
    const std::int64_t length = unit == TimeUnit::Week ? 7 * day_ms : unit_ms(unit);
    if (__builtin_mul_overflow(amount, length, &step) || step > max_amount || step < -max_amount) return {};
    if (unit == TimeUnit::Day || unit == TimeUnit::Week) {
        return local_in_range(date.zone.to_local(date.ms) + step, date.zone);
    }
    return in_range(date.ms + step);
}

std::int64_t date_difference(const ZonedDate& from, std::int64_t to, TimeUnit unit, int week_start) {
    const std::int64_t from_offset = from.zone.offset_at(from.ms);
    const std::int64_t to_offset = from.zone.offset_at(to);
    if (unit <= TimeUnit::Day) {
        return calendar_index(to + to_offset, unit, week_start) -
               calendar_index(from.ms + from_offset, unit, week_start);
    }
    const std::int64_t length = unit_ms(unit);
    // Units are counted as the wall clock shows them begin, but an hour that it skips or repeats does not count.
    const std::int64_t shown = floor_div(to + to_offset, length) - floor_div(from.ms + from_offset, length);
    return shown - (to_offset - from_offset) / length;
}

std::optional<std::int64_t> truncate_date(const ZonedDate& date, TimeUnit unit, std::int64_t bin,
                                          int week_start) {
    if (const std::int64_t months = unit_months(unit); months > 0) return truncate_months(date, bin * months);
    if (unit == TimeUnit::Day) return truncate_days(date, bin, reference_day);
    if (unit == TimeUnit::Week) return truncate_days(date, bin * 7, reference_day + (week_start + 1) % 7);
    const std::int64_t reference = date.zone.to_utc(reference_day * day_ms);
    const std::int64_t length = bin * unit_ms(unit);
    return in_range(reference + floor_div(date.ms - reference, length) * length);
}

}  // namespace credvault::query
