// Bounds of byte ranges: of index keys, and of ids given as the encoded ids that plans use. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "query/planner.h"

namespace credvault::storage {

/// Above every index key (no key has so many bytes 0xff at its front) and every id.
inline constexpr std::string_view top_bound =
    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";

/// The first text that is greater than all that begin with `prefix`.
std::string prefix_end(std::string_view prefix);

/// Ids `low <= id < high` for a range of encoded ids.
struct IdBounds {
    std::string low;
    std::string high;
};
IdBounds id_bounds(const query::KeyRange& encoded);

}  // namespace credvault::storage
