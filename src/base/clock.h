// Time: milliseconds since the Unix epoch, UTC, and their RFC 3339 text. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace credvault {

/// Wall-clock milliseconds since 1970-01-01T00:00:00Z.
std::int64_t now_ms();
/// Monotonic nanoseconds, for durations and deadlines.
std::int64_t monotonic_ns();
/// "2026-01-31T12:00:00.000Z", always 24 characters. Range: years 0000 to 9999; outside it is clamped.
std::string format_time(std::int64_t ms);
/// Appends what format_time returns.
void append_time(std::string& out, std::int64_t ms);
/// Parses an RFC 3339 time of any precision (seconds may be left out) and zone, or a bare date, meaning its midnight in
/// UTC; fractions beyond milliseconds are cut. A leap second is the first second of the next day. Returns nothing where
/// the text is no such time, or lies outside the years 0000 to 9999 in UTC.
std::optional<std::int64_t> parse_time(std::string_view text);

}  // namespace credvault
