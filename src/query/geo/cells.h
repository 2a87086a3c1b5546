// The globe as cells: longitude and latitude cut into 2^32 steps each (a centimetre on the ground) and their bits
// interleaved (Morton, "A computer oriented geodetic data base", 1966), so that points that lie together mostly have
// numbers that lie together. Geo indexes on disk depend on it. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "query/geo/sphere.h"

namespace credvault::query {

/// A point beyond the globe counts as the nearest one on its edge. Boxes hold on to theirs, since both are moved alike.
std::uint64_t cell_of(const GeoPoint& point);

/// Numbers from first to last.
struct CellRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    friend bool operator==(const CellRange&, const CellRange&) = default;
};
using CellRanges = std::vector<CellRange>;  ///< Ascending and disjoint.

/// Ranges that hold all points of the boxes, and as few others as so many ranges for each box allow.
CellRanges cover(const GeoBoxes& boxes, std::size_t max_ranges = 32);
CellRanges joined(CellRanges a, const CellRanges& b);
/// What is in `ranges` and not in `without`.
CellRanges difference(const CellRanges& ranges, const CellRanges& without);
/// Their share of the globe's map.
double share_of(const CellRanges& ranges);

/// The eight bytes that begin the keys of a cell's entries.
void append_cell(std::string& out, std::uint64_t cell);

}  // namespace credvault::query
