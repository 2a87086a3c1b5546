// $year and its like: one part of a date, given alone or as {date, timezone}.
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "query/date/calendar.h"
#include "query/expression/date_argument.h"
#include "query/expression/families.h"
#include "query/expression/parser.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;
using Part = std::int64_t (*)(std::int64_t local_ms);

constexpr std::size_t zone_at = 1;

template <Part part>
Result<Item> date_part(const Call& call, Arguments arguments) {
    if (arguments[0].is_nullish()) return Item(nullptr);
    TRY(const std::int64_t ms, date_argument(call, "the argument", arguments[0]));
    TRY(const auto zone, zone_argument(call, zone_at, arguments[zone_at]));
    if (!zone) return Item(nullptr);
    return Item(part(zone->to_local(ms)));
}

template <std::int64_t DateParts::*member>
std::int64_t part_of(std::int64_t local_ms) {
    return date_parts(local_ms).*member;
}

template <std::int64_t IsoWeekDate::*member>
std::int64_t iso_part_of(std::int64_t local_ms) {
    return iso_week_date(local_ms).*member;
}

template <int (*function)(std::int64_t)>
std::int64_t counted(std::int64_t local_ms) {
    return function(local_ms);
}

template <Part part>
constexpr Operator row(std::string_view name) {
    return {.name = name,
            .apply = date_part<part>,
            .required = "date",
            .optional = "timezone",
            .prepare = prepare_zone<zone_at>};
}

/// What the nodes refer to.
constexpr std::array rows = {
    row<part_of<&DateParts::day>>("$dayOfMonth"),
    row<counted<day_of_week>>("$dayOfWeek"),
    row<counted<day_of_year>>("$dayOfYear"),
    row<part_of<&DateParts::hour>>("$hour"),
    row<iso_part_of<&IsoWeekDate::day>>("$isoDayOfWeek"),
    row<iso_part_of<&IsoWeekDate::week>>("$isoWeek"),
    row<iso_part_of<&IsoWeekDate::year>>("$isoWeekYear"),
    row<part_of<&DateParts::millisecond>>("$millisecond"),
    row<part_of<&DateParts::minute>>("$minute"),
    row<part_of<&DateParts::month>>("$month"),
    row<part_of<&DateParts::second>>("$second"),
    row<counted<week_of_year>>("$week"),
    row<part_of<&DateParts::year>>("$year"),
};

/// Whether this is {date, timezone} and no expression.
bool is_named(const json::View& argument) {
    if (!argument.is_object()) return false;
    return argument.empty() || !argument.members().begin()->name.starts_with('$');
}

template <std::size_t index>
Result<NodePtr> parse_part(ExpressionParser& parser, const json::View& argument) {
    std::vector<NodePtr> nodes;
    std::uint32_t given = 1;
    if (is_named(argument)) {
        TRY(const auto parts, parser.named(argument, rows[index].required, rows[index].optional));
        TRY(NodePtr date, parser.expression("date", *parts[0]));
        nodes.push_back(std::move(date));
        nodes.emplace_back();
        if (parts[zone_at]) {
            TRY(nodes[zone_at], parser.expression("timezone", *parts[zone_at]));
            given |= 1U << zone_at;
        }
    } else {
        TRY(nodes, parser.arguments(argument, 1, 1));
        nodes.emplace_back();
    }
    return parser.applied(rows[index], std::move(nodes), given);
}

template <std::size_t... index>
constexpr auto make_table(std::index_sequence<index...>) {
    return std::array{Operator{.name = rows[index].name, .parse = parse_part<index>}...};
}

constexpr auto table = make_table(std::make_index_sequence<rows.size()>());

}  // namespace

std::span<const Operator> date_part_operators() { return table; }

}  // namespace credvault::query
