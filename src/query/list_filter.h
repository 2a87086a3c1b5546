// Filters of list calls: `status=active`, `age[gt]=18`, `tags[in]=a,b`, `name[exists]=true`, as the filter language.
// Operators: eq ne gt gte lt lte in nin exists regex contains. Pure functions; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "query/filter.h"

namespace credvault::query {

/// Turns decoded name/value pairs into one filter document (canonical text), all of them joined by "and"; "{}" for
/// none. A value that is a JSON scalar is taken as that, anything else as a string; `in` and `nin` take a list of such
/// values with commas between them, in which a quoted string may hold commas. `exists` takes true or false, `regex` a
/// pattern as it stands, `contains` the text that strings must have in them, case and all. Values for created_at and
/// updated_at are parsed as times and normalised. Fails with INVALID_PARAMETER naming the parameter, for an unknown
/// operator or a bad value; a wrong pattern is left to parse_filter.
Result<std::string> list_filter(const std::vector<std::pair<std::string, std::string>>& parameters);

}  // namespace credvault::query
