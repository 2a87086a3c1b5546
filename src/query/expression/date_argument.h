// How the functions of date operators read their arguments: dates, time zones, units. Internal to query/expression/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "query/date/date_arithmetic.h"
#include "query/date/time_zone.h"
#include "query/expression/operator.h"

namespace credvault::query {

/// The instant that a string means (RFC 3339, any precision and zone). Nothing for other strings and values.
std::optional<std::int64_t> date_of(const Item& item);
/// The same, but only of a string that has a time too. This is what makes a string a date where other values are taken
/// as well, as arithmetic and conversions do.
std::optional<std::int64_t> timestamp_of(const Item& item);
/// The instant, or an error that says what the argument `what` must be.
Result<std::int64_t> date_argument(const Call& call, std::string_view what, const Item& item);
/// A date as it is returned. Fails where it lies outside the years 0000 to 9999.
Result<Item> date_result(const Call& call, std::optional<std::int64_t> ms);

/// A zone by its name: UTC where the argument was not given; nothing where it is null or missing.
Result<std::optional<TimeZone>> zone_argument(const Call& call, std::size_t at, const Item& item);
/// A unit by its name. Precondition: neither null nor missing.
Result<TimeUnit> unit_argument(const Call& call, const Item& item);
/// The day on which weeks begin, from Sunday as 0. Precondition: neither null nor missing.
Result<int> week_start_argument(const Call& call, const Item& item);

/// A zone that is the same for all records.
struct PreparedZone final : Prepared {
    explicit PreparedZone(TimeZone found) : zone(std::move(found)) {}
    TimeZone zone;
};

/// Looks up a constant zone once; fails where there is none of that name.
template <std::size_t at>
Result<std::shared_ptr<const Prepared>> prepare_zone(const Call& call,
                                                     std::span<const Item* const> constants) {
    std::shared_ptr<const Prepared> prepared;
    if (!call.has(at) || constants[at] == nullptr || constants[at]->is_nullish()) return prepared;
    TRY(std::optional<TimeZone> zone, zone_argument(call, at, *constants[at]));
    prepared = std::make_shared<const PreparedZone>(*std::move(zone));
    return prepared;
}

}  // namespace credvault::query
