// A filter in words without its values: what queries of one kind have in common, fit for logs, which must not hold
// users' data. Thread-safe.
#pragma once

#include <string>

#include "query/filter.h"

namespace credvault::query {

/// As in `{"status":{"$eq":?},"$or":[{"age":{"$gt":?}},{"vip":{"$exists":?}}]}`; at most `max_bytes`, cut with "…".
std::string filter_shape(const Filter& filter, std::size_t max_bytes = 512);

}  // namespace credvault::query
