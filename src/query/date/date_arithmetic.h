// Dates, as milliseconds since 1970 in UTC (years 0000 to 9999), moved, compared and rounded by calendar units in a
// time zone. Days and what is longer are counted on the zone's wall clock; hours and what is shorter are real time.
// Functions without state.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "query/date/time_zone.h"

namespace credvault::query {

enum class TimeUnit : std::uint8_t { Year, Quarter, Month, Week, Day, Hour, Minute, Second, Millisecond };

/// "year" to "millisecond".
std::optional<TimeUnit> parse_time_unit(std::string_view name);
/// "monday" or "mon", whatever the case, as 0 (Sunday) to 6.
std::optional<int> parse_weekday(std::string_view name);

constexpr std::int64_t max_date_bin = 100'000'000'000;  ///< Units in a bin of truncate_date.

/// A date and the rules by which it is counted.
struct ZonedDate {
    std::int64_t ms = 0;
    TimeZone zone;
};

/// The date moved by `amount` units; from the end of a longer month to that of a shorter one. Nothing where it would
/// lie outside the years 0000 to 9999.
std::optional<std::int64_t> add_to_date(const ZonedDate& date, TimeUnit unit, std::int64_t amount);
/// How many beginnings of a unit lie after `from` up to `to`; negative the other way round. Weeks begin on
/// `week_start`.
std::int64_t date_difference(const ZonedDate& from, std::int64_t to, TimeUnit unit, int week_start);
/// The beginning of the bin that holds the date: bins of `bin` units, one of which begins with the year 2000 (for
/// weeks, with its first `week_start`). Precondition: 0 < bin <= max_date_bin. Nothing where the bin begins before
/// the year 0000.
std::optional<std::int64_t> truncate_date(const ZonedDate& date, TimeUnit unit, std::int64_t bin,
                                          int week_start);

}  // namespace credvault::query
