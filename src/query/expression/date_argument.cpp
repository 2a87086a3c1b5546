#include "query/expression/date_argument.h"

#include <string>

#include "base/clock.h"
#include "query/date/calendar.h"
#include "query/expression/text_argument.h"
#include "query/path.h"

namespace credvault::query {

std::optional<std::int64_t> date_of(const Item& item) {
    if (item.is_missing() || !item.is_string()) return {};
    return parse_time(*TextArgument(item));
}

std::optional<std::int64_t> timestamp_of(const Item& item) {
    if (item.is_missing() || !item.is_string()) return {};
    const TextArgument text(item);
    // The least is "2026-01-31T12:00Z". Long strings need no look.
    constexpr std::size_t date_bytes = 10;
    if (text->size() <= date_bytes || ((*text)[date_bytes] != 'T' && (*text)[date_bytes] != 't')) return {};
    return parse_time(*text);
}

Result<std::int64_t> date_argument(const Call& call, std::string_view what, const Item& item) {
    if (const auto ms = date_of(item)) return *ms;
    const std::string message =
        std::string(what) + " must be a date, a string such as \"2026-01-31T12:00:00Z\"";
    if (!item.is_missing() && item.is_string()) return call.wrong(message);
    return call.wrong_type(message, item);
}

Result<Item> date_result(const Call& call, std::optional<std::int64_t> ms) {
    if (!ms || !is_date_ms(*ms)) return call.wrong("the result lies outside the years 0000 to 9999");
    return call.string(format_time(*ms));
}

Result<std::optional<TimeZone>> zone_argument(const Call& call, std::size_t at, const Item& item) {
    if (!call.has(at)) return std::optional<TimeZone>(TimeZone());
    if (const auto* ready = static_cast<const PreparedZone*>(call.prepared))
        return std::optional(ready->zone);
    if (item.is_nullish()) return std::optional<TimeZone>();
    if (!item.is_string()) return call.wrong_type("'timezone' must be a string", item);
    const TextArgument name(item);
    auto zone = TimeZone::find(*name);
    if (!zone) {
        return call.wrong(
            "'timezone' must be a name such as \"Europe/Berlin\" or \"UTC\", or a distance such as "
            "\"+05:30\"; there is no \"" +
            shown_name(*name) + "\"");
    }
    return zone;
}

Result<TimeUnit> unit_argument(const Call& call, const Item& item) {
    if (item.is_string()) {
        if (const auto unit = parse_time_unit(*TextArgument(item))) return *unit;
    }
    return call.wrong("'unit' must be year, quarter, month, week, day, hour, minute, second or millisecond");
}

Result<int> week_start_argument(const Call& call, const Item& item) {
    if (item.is_string()) {
        if (const auto day = parse_weekday(*TextArgument(item))) return *day;
    }
    return call.wrong("'startOfWeek' must be a day's name, such as \"monday\" or \"mon\"");
}

}  // namespace credvault::query
