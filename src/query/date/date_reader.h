// English names of months, and a reader of the pieces that written dates are made of. Internal to the date files.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "query/date/time_zone.h"

namespace credvault::query {

/// "January" to "December". Precondition: 1 to 12.
std::string_view month_name(std::int64_t month);

/// Reads from the front of a text; what it does not find it leaves.
class DateReader {
public:
    explicit DateReader(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }
    bool take(char c);
    bool take_any(std::string_view characters);
    void skip_spaces();
    /// `least` to `most` digits (as many as stand there). Precondition: most <= 9.
    std::optional<std::int64_t> number(std::size_t least, std::size_t most);
    /// Digits as parts of a second, cut to milliseconds.
    std::optional<std::int64_t> fraction(std::size_t most);
    /// A run of ASCII letters; empty where there is none.
    std::string_view word();
    /// A month's name, whole or its first three letters ("Sept" too), whatever the case.
    std::optional<std::int64_t> month();
    /// A month's whole name.
    std::optional<std::int64_t> full_month();
    /// "Z", "±hh", "±hhmm", "±hh:mm" or a zone's name.
    std::optional<TimeZone> zone();
    /// A zone as minutes east of UTC, with or without a sign.
    std::optional<TimeZone> zone_minutes();

private:
    std::string_view rest_;
};

}  // namespace credvault::query
