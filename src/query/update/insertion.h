// What an upsert inserts where its filter finds nothing. Internal to query/update. Pure functions.
#pragma once

#include <string>

#include "base/result.h"
#include "query/filter.h"

namespace credvault::query {

enum class SeedFields : bool { IdAlone, All };

/// The record that a filter's equalities describe, as canonical text: those that must all hold ($eq, $in and $all of
/// one value, $or of one branch). Fails with INVALID_UPDATE where a path is fixed twice or within another one,
/// IMMUTABLE_FIELD for the platform's fields other than `id`.
Result<std::string> insertion_seed(const Filter& filter, SeedFields fields);

}  // namespace credvault::query
