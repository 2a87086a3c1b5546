// When records expire: an index with ttl_seconds says how long after the time in its field. Times are RFC 3339 text of
// any precision and zone; other values never expire. Of several times in an array the earliest counts. Pure functions.
#pragma once

#include <cstdint>
#include <string_view>

#include "query/planner.h"
#include "storage/schema.h"

namespace credvault::storage {

/// Who removes what has expired, in the change log.
constexpr std::string_view ttl_actor = "ttl";
constexpr std::int64_t max_ttl_seconds = 2'147'483'647;

/// The entries among which those of expired records are. Precondition: the index has a ttl_seconds.
query::KeyRange expiry_range(const IndexSpec& spec, std::int64_t now_ms);
/// Whether an entry of the index says that its record has expired.
bool has_expired(std::string_view key, const IndexSpec& spec, std::int64_t now_ms);

}  // namespace credvault::storage
