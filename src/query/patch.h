// The two standard ways in which a PATCH body changes a record, apart from update operators: RFC 7396 merge, RFC 6902
// patch. What they cost is bounded by the sizes of record and patch, whatever these hold. Pure functions; thread-safe.
#pragma once

#include <cstddef>

#include "base/result.h"
#include "json/value.h"

namespace credvault::query {

constexpr std::size_t max_patch_operations = 1'000;

/// RFC 7396. Never fails: the patch of a record must be an object, which the caller has checked.
void merge_patch(json::Value& target, const json::Value& patch);

/// RFC 6902: all operations or none. Fails with INVALID_PATCH (malformed, path missing, `test` fails), `field` being
/// the JSON pointer into the patch, for instance "/2/path". At most max_patch_operations; the result must stay within
/// `max_bytes` of canonical text and 100 levels while it is built (copy can grow exponentially), and the operations
/// together may look at or move no more than some 8 * max_bytes.
Status json_patch(json::Value& target, const json::Value& patch, std::size_t max_bytes);

}  // namespace credvault::query
