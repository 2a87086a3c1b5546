// Operators that move, compare, round and take apart dates.
#include <optional>
#include <string>
#include <utility>

#include "query/date/calendar.h"
#include "query/expression/date_argument.h"
#include "query/expression/families.h"
#include "query/expression/text_argument.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;

Result<Item> move_date(const Call& call, Arguments arguments, int direction) {
    if (arguments[0].is_nullish() || arguments[1].is_nullish() || arguments[2].is_nullish())
        return Item(nullptr);
    TRY(const TimeUnit unit, unit_argument(call, arguments[1]));
    TRY(auto zone, zone_argument(call, 3, arguments[3]));
    if (!zone) return Item(nullptr);
    TRY(const std::int64_t ms, date_argument(call, "'startDate'", arguments[0]));
    const auto amount = whole_64(arguments[2]);
    if (!amount) return call.wrong_type("'amount' must be a whole number", arguments[2]);
    std::int64_t step = 0;
    if (__builtin_mul_overflow(*amount, direction, &step)) return date_result(call, std::nullopt);
    return date_result(call, add_to_date({ms, *std::move(zone)}, unit, step));
}

Result<Item> date_add(const Call& call, Arguments arguments) { return move_date(call, arguments, 1); }
Result<Item> date_subtract(const Call& call, Arguments arguments) { return move_date(call, arguments, -1); }

Result<Item> date_diff(const Call& call, Arguments arguments) {
    constexpr std::size_t zone_at = 3;
    constexpr std::size_t week_at = 4;
    if (arguments[0].is_nullish() || arguments[1].is_nullish() || arguments[2].is_nullish())
        return Item(nullptr);
    TRY(const TimeUnit unit, unit_argument(call, arguments[2]));
    int week_start = 0;
    if (unit == TimeUnit::Week && call.has(week_at)) {
        if (arguments[week_at].is_nullish()) return Item(nullptr);
        TRY(week_start, week_start_argument(call, arguments[week_at]));
    }
    TRY(auto zone, zone_argument(call, zone_at, arguments[zone_at]));
    if (!zone) return Item(nullptr);
    TRY(const std::int64_t from, date_argument(call, "'startDate'", arguments[0]));
    TRY(const std::int64_t to, date_argument(call, "'endDate'", arguments[1]));
    return Item(date_difference({from, *std::move(zone)}, to, unit, week_start));
}

Result<std::int64_t> bin_argument(const Call& call, const Item& item) {
    const auto bin = whole_64(item);
    if (!bin || *bin < 1 || *bin > max_date_bin) {
        return call.wrong("'binSize' must be a whole number from 1 to " + std::to_string(max_date_bin));
    }
    return *bin;
}

Result<Item> date_trunc(const Call& call, Arguments arguments) {
    constexpr std::size_t bin_at = 2;
    constexpr std::size_t zone_at = 3;
    constexpr std::size_t week_at = 4;
    if (arguments[0].is_nullish() || arguments[1].is_nullish()) return Item(nullptr);
    std::int64_t bin = 1;
    if (call.has(bin_at)) {
        if (arguments[bin_at].is_nullish()) return Item(nullptr);
        TRY(bin, bin_argument(call, arguments[bin_at]));
    }
    TRY(const TimeUnit unit, unit_argument(call, arguments[1]));
    int week_start = 0;
    if (unit == TimeUnit::Week && call.has(week_at)) {
        if (arguments[week_at].is_nullish()) return Item(nullptr);
        TRY(week_start, week_start_argument(call, arguments[week_at]));
    }
    TRY(auto zone, zone_argument(call, zone_at, arguments[zone_at]));
    if (!zone) return Item(nullptr);
    TRY(const std::int64_t ms, date_argument(call, "'date'", arguments[0]));
    return date_result(call, truncate_date({ms, *std::move(zone)}, unit, bin, week_start));
}

Result<Item> date_to_parts(const Call& call, Arguments arguments) {
    TRY(const auto zone, zone_argument(call, 1, arguments[1]));
    if (!zone) return Item(nullptr);
    const Item& iso = arguments[2];
    if (call.has(2) && iso.is_nullish()) return Item(nullptr);
    if (call.has(2) && !iso.is_bool()) return call.wrong_type("'iso8601' must be true or false", iso);
    if (arguments[0].is_nullish()) return Item(nullptr);
    TRY(const std::int64_t ms, date_argument(call, "'date'", arguments[0]));

    const std::int64_t local = zone->to_local(ms);
    const DateParts parts = date_parts(local);
    Item::Object out;
    const auto put = [&out](const char* name, std::int64_t value) { out.emplace_back(name, Item(value)); };
    if (call.has(2) && iso.as_bool()) {
        const IsoWeekDate week = iso_week_date(local);
        put("isoWeekYear", week.year);
        put("isoWeek", week.week);
        put("isoDayOfWeek", week.day);
    } else {
        put("year", parts.year);
        put("month", parts.month);
        put("day", parts.day);
    }
    put("hour", parts.hour);
    put("minute", parts.minute);
    put("second", parts.second);
    put("millisecond", parts.millisecond);
    return call.object(std::move(out));
}

constexpr Operator table[] = {
    {.name = "$dateAdd",
     .apply = date_add,
     .required = "startDate unit amount",
     .optional = "timezone",
     .prepare = prepare_zone<3>},
    {.name = "$dateDiff",
     .apply = date_diff,
     .required = "startDate endDate unit",
     .optional = "timezone startOfWeek",
     .prepare = prepare_zone<3>},
    {.name = "$dateSubtract",
     .apply = date_subtract,
     .required = "startDate unit amount",
     .optional = "timezone",
     .prepare = prepare_zone<3>},
    {.name = "$dateToParts",
     .apply = date_to_parts,
     .required = "date",
     .optional = "timezone iso8601",
     .prepare = prepare_zone<1>},
    {.name = "$dateTrunc",
     .apply = date_trunc,
     .required = "date unit",
     .optional = "binSize timezone startOfWeek",
     .prepare = prepare_zone<3>},
};

}  // namespace

std::span<const Operator> date_operators() { return table; }

}  // namespace credvault::query
