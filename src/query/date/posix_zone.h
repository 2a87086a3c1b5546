// The rule for times after the last entry of a time-zone file: a POSIX TZ string such as "CET-1CEST,M3.5.0,M10.5.0/3"
// (RFC 8536, section 3.3.1). An immutable value.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace credvault::query {

class PosixZone {
public:
    /// Nothing where the text is no such string.
    static std::optional<PosixZone> parse(std::string_view text);
    /// Seconds east of UTC at an instant in seconds since 1970 (years 0000 to 9999).
    std::int32_t offset_at(std::int64_t utc_seconds) const;

private:
    /// When in a year summer time begins or ends.
    struct Change {
        enum class Kind : std::uint8_t { WeekdayOfMonth, DayOfYear, DayWithoutLeap };
        Kind kind = Kind::WeekdayOfMonth;
        std::int32_t month = 0;
        std::int32_t week = 0;
        std::int32_t day = 0;  ///< Of the week from Sunday, or of the year.
        std::int32_t seconds = 7200;
    };
    struct Reader;
    static std::int64_t instant(const Change& change, int year);

    std::int32_t standard_ = 0;
    std::int32_t summer_ = 0;
    bool has_summer_ = false;
    Change begin_;
    Change end_;
};

}  // namespace credvault::query
