// Dates as text in a format of one's own: "%Y-%m-%d" and the like, written and read. Specifiers are MongoDB's. Reading
// also knows the usual ways to write a date without a format. Functions without state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "query/date/date_arithmetic.h"
#include "query/date/time_zone.h"

namespace credvault::query {

enum class DateFormatUse : std::uint8_t { Writing, Reading };

/// What is wrong with a format; nothing where it is right.
std::optional<std::string> date_format_fault(std::string_view format, DateFormatUse use);
/// The date as the format says. Precondition: a format without fault.
std::string format_date(std::string_view format, const ZonedDate& date);

/// A date as text tells it: what the wall clock shows, and the zone where the text names one.
struct ReadDate {
    std::int64_t local_ms = 0;
    std::optional<TimeZone> zone;
};

/// Why a text is no date: a sentence's end, such as "the month must be 1 to 12".
struct DateFault {
    std::string message;
};

/// Reads a text that follows the format throughout. Precondition: a format without fault.
std::optional<ReadDate> read_date(std::string_view text, std::string_view format, DateFault& fault);
/// Reads a date written as ISO 8601 says ("2026-02-08", "2026-02-08T12:10:40.787+0100", "20260208T121040Z",
/// "2026-W07-3", a space for the T), or in words ("8 February 2026 12:10", "Sun, 08 Feb 2026 12:10:40 GMT",
/// "Feb 8, 2026").
std::optional<ReadDate> read_date(std::string_view text, DateFault& fault);

}  // namespace credvault::query
