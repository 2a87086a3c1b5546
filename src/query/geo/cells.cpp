#include "query/geo/cells.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace credvault::query {
namespace {

constexpr int levels = 32;

/// The step that a coordinate lies in.
std::uint32_t step_of(double value, double least, double width) {
    constexpr double steps = 4294967296.0;
    const double step = std::floor((value - least) / width * steps);
    if (!(step > 0)) return 0;
    return step >= steps ? std::numeric_limits<std::uint32_t>::max() : static_cast<std::uint32_t>(step);
}

std::uint32_t column_of(double longitude) { return step_of(longitude, -180, 360); }
std::uint32_t row_of(double latitude) { return step_of(latitude, -90, 180); }

std::uint64_t spread(std::uint32_t value) {
    std::uint64_t bits = value;
    bits = (bits | bits << 16) & 0x0000ffff0000ffff;
    bits = (bits | bits << 8) & 0x00ff00ff00ff00ff;
    bits = (bits | bits << 4) & 0x0f0f0f0f0f0f0f0f;
    bits = (bits | bits << 2) & 0x3333333333333333;
    return (bits | bits << 1) & 0x5555555555555555;
}

/// Columns and rows, both ends included.
struct Area {
    std::uint32_t west, south, east, north;

    bool holds(const Area& other) const {
        return west <= other.west && south <= other.south && east >= other.east && north >= other.north;
    }
    bool meets(const Area& other) const {
        return west <= other.east && east >= other.west && south <= other.north && north >= other.south;
    }
};

/// A cell of some level: a square of steps.
struct Square {
    std::uint32_t column, row;
    int level;

    std::uint32_t reach() const {
        return level == 0 ? std::numeric_limits<std::uint32_t>::max()
                          : static_cast<std::uint32_t>((std::uint64_t{1} << (levels - level)) - 1);
    }
    Area area() const { return {column, row, column + reach(), row + reach()}; }
    CellRange range() const {
        const Area all = area();
        return {spread(all.west) << 1 | spread(all.south), spread(all.east) << 1 | spread(all.north)};
    }
};

void cover_area(const Area& wanted, std::size_t max_ranges, CellRanges& out) {
    std::vector<Square> partial{{0, 0, 0}};
    std::vector<Square> whole;
    while (!partial.empty() && partial[0].level < levels) {
        std::vector<Square> next;
        const std::size_t whole_before = whole.size();
        for (const Square& square : partial) {
            const std::uint32_t half = square.reach() / 2 + 1;
            for (const auto& [east, north] : {std::pair{0U, 0U}, {0U, 1U}, {1U, 0U}, {1U, 1U}}) {
                const Square quarter{square.column + east * half, square.row + north * half,
                                     square.level + 1};
                if (wanted.holds(quarter.area())) {
                    whole.push_back(quarter);
                } else if (wanted.meets(quarter.area())) {
                    next.push_back(quarter);
                }
            }
        }
        if (whole.size() + next.size() > max_ranges) {
            whole.resize(whole_before);
            break;
        }
        partial = std::move(next);
    }
    for (const Square& square : whole) out.push_back(square.range());
    for (const Square& square : partial) out.push_back(square.range());
}

void tidy(CellRanges& ranges) {
    std::ranges::sort(ranges, {}, &CellRange::first);
    std::size_t kept = 0;
    for (const CellRange& each : ranges) {
        constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
        const bool joins =
            kept > 0 && (ranges[kept - 1].last == most || each.first <= ranges[kept - 1].last + 1);
        if (joins) {
            ranges[kept - 1].last = std::max(ranges[kept - 1].last, each.last);
        } else {
            ranges[kept++] = each;
        }
    }
    ranges.resize(kept);
}

}  // namespace

std::uint64_t cell_of(const GeoPoint& point) {
    return spread(column_of(point.x)) << 1 | spread(row_of(point.y));
}

CellRanges cover(const GeoBoxes& boxes, std::size_t max_ranges) {
    CellRanges ranges;
    for (const GeoBox& box : boxes) {
        const Area wanted{column_of(box.west), row_of(box.south), column_of(box.east), row_of(box.north)};
        cover_area(wanted, max_ranges, ranges);
    }
    tidy(ranges);
    return ranges;
}

CellRanges joined(CellRanges a, const CellRanges& b) {
    a.insert(a.end(), b.begin(), b.end());
    tidy(a);
    return a;
}

CellRanges difference(const CellRanges& ranges, const CellRanges& without) {
    CellRanges left;
    auto hole = without.begin();
    for (CellRange range : ranges) {
        while (hole != without.end() && hole->last < range.first) ++hole;
        bool gone = false;
        for (auto next = hole; next != without.end() && next->first <= range.last && !gone; ++next) {
            if (next->first > range.first) left.push_back({range.first, next->first - 1});
            gone = next->last >= range.last;
            if (!gone) range.first = next->last + 1;
        }
        if (!gone) left.push_back(range);
    }
    return left;
}

double share_of(const CellRanges& ranges) {
    double share = 0;
    for (const CellRange& each : ranges)
        share += std::ldexp(static_cast<double>(each.last - each.first) + 1, -64);
    return share;
}

void append_cell(std::string& out, std::uint64_t cell) {
    for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(cell >> shift));
}

}  // namespace credvault::query
