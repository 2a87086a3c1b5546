// $dateFromParts: a date from its year, month and day, or from its week, in any time zone.
#include <array>
#include <optional>
#include <string>

#include "query/date/calendar.h"
#include "query/expression/date_argument.h"
#include "query/expression/families.h"
#include "query/expression/text_argument.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;

enum At : std::uint8_t {
    Year,
    Month,
    Day,
    IsoWeekYear,
    IsoWeek,
    IsoDayOfWeek,
    Hour,
    Minute,
    Second,
    Millisecond,
    Zone
};
constexpr std::string_view names =
    "year month day isoWeekYear isoWeek isoDayOfWeek hour minute second millisecond timezone";
constexpr std::array<std::string_view, 10> part_names = {
    "'year'",         "'month'", "'day'",    "'isoWeekYear'", "'isoWeek'",
    "'isoDayOfWeek'", "'hour'",  "'minute'", "'second'",      "'millisecond'"};

struct Bounds {
    std::int64_t least;
    std::int64_t most;
};

/// MongoDB's; seconds and milliseconds are bounded by what a date can be.
constexpr Bounds bounds_of(At at) {
    switch (at) {
        case Year:
        case IsoWeekYear: return {1, 9999};
        case Second:
        case Millisecond: return {-(max_date_ms - min_date_ms), max_date_ms - min_date_ms};
        default: return {-32'768, 32'767};
    }
}

/// A part's number, `otherwise` where it was not given; nothing where it is null.
Result<std::optional<std::int64_t>> part(const Call& call, Arguments arguments, At at,
                                         std::int64_t otherwise) {
    if (!call.has(at)) return std::optional(otherwise);
    if (arguments[at].is_nullish()) return std::optional<std::int64_t>();
    const auto value = whole_64(arguments[at]);
    const std::string name(part_names[at]);
    if (!value) return call.wrong_type(name + " must be a whole number", arguments[at]);
    const Bounds bounds = bounds_of(at);
    if (*value < bounds.least || *value > bounds.most) {
        return call.wrong(name + " must lie between " + std::to_string(bounds.least) + " and " +
                          std::to_string(bounds.most));
    }
    return value;
}

/// The day, or nothing where one of its parts is null.
Result<std::optional<std::int64_t>> day_of(const Call& call, Arguments arguments) {
    const bool by_week = call.has(IsoWeekYear);
    std::array<std::int64_t, 3> parts{};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        TRY(const auto value, part(call, arguments, static_cast<At>(i + (by_week ? IsoWeekYear : Year)), 1));
        if (!value) return value;
        parts[i] = *value;
    }
    if (by_week) return std::optional(days_of(IsoWeekDate{parts[0], parts[1], parts[2]}));
    return std::optional(days_of(parts[0], parts[1], parts[2]));
}

/// Milliseconds since midnight, or nothing where one of the parts is null.
Result<std::optional<std::int64_t>> time_of(const Call& call, Arguments arguments) {
    constexpr std::array units = {hour_ms, minute_ms, second_ms, std::int64_t{1}};
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < units.size(); ++i) {
        TRY(const auto value, part(call, arguments, static_cast<At>(i + Hour), 0));
        if (!value) return value;
        sum += *value * units[i];
    }
    return std::optional(sum);
}

Result<Item> date_from_parts(const Call& call, Arguments arguments) {
    TRY(const auto zone, zone_argument(call, Zone, arguments[Zone]));
    if (!zone) return Item(nullptr);
    TRY(const auto time, time_of(call, arguments));
    if (!time) return Item(nullptr);
    TRY(const auto day, day_of(call, arguments));
    if (!day) return Item(nullptr);
    const std::int64_t local = *day * day_ms + *time;
    constexpr std::int64_t margin = 5 * day_ms;
    if (local < min_date_ms - margin || local > max_date_ms + margin) return date_result(call, std::nullopt);
    return date_result(call, zone->to_utc(local));
}

Result<std::shared_ptr<const Prepared>> prepare(const Call& call, std::span<const Item* const> constants) {
    const bool by_week = call.has(IsoWeekYear) || call.has(IsoWeek) || call.has(IsoDayOfWeek);
    const bool by_month = call.has(Year) || call.has(Month) || call.has(Day);
    if (by_week && by_month)
        return call.wrong(
            "a date has a year, month and day, or an isoWeekYear, isoWeek and isoDayOfWeek; not both");
    if (!call.has(Year) && !call.has(IsoWeekYear)) return call.wrong("needs 'year' or 'isoWeekYear'");
    return prepare_zone<Zone>(call, constants);
}

constexpr Operator table[] = {
    {.name = "$dateFromParts", .apply = date_from_parts, .optional = names, .prepare = prepare},
};

}  // namespace

std::span<const Operator> date_parts_operators() { return table; }

}  // namespace credvault::query
