#include "query/geo/flat_shape.h"

#include <algorithm>
#include <cmath>

namespace credvault::query {
namespace {

/// Whether a point lies on the line between two others.
bool is_between(const GeoPoint& a, const GeoPoint& b, const GeoPoint& point) {
    const double area = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
    return area == 0 && point.x >= std::min(a.x, b.x) && point.x <= std::max(a.x, b.x) &&
           point.y >= std::min(a.y, b.y) && point.y <= std::max(a.y, b.y);
}

}  // namespace

bool FlatCircle::contains(const GeoPoint& point) const {
    return std::hypot(point.x - center_.x, point.y - center_.y) <= radius_;
}

/// Counts the edges to the right of the point.
bool FlatPolygon::contains(const GeoPoint& point) const {
    bool inside = false;
    for (std::size_t i = 0; i < points_.size(); ++i) {
        const GeoPoint& a = points_[i];
        const GeoPoint& b = points_[(i + 1) % points_.size()];
        if (is_between(a, b, point)) return true;
        if ((a.y > point.y) == (b.y > point.y)) continue;
        if (point.x < a.x + (b.x - a.x) * ((point.y - a.y) / (b.y - a.y))) inside = !inside;
    }
    return inside;
}

GeoBoxes FlatPolygon::bounds() const {
    GeoBox box{points_[0].x, points_[0].y, points_[0].x, points_[0].y};
    for (const GeoPoint& each : points_) {
        box.west = std::min(box.west, each.x);
        box.east = std::max(box.east, each.x);
        box.south = std::min(box.south, each.y);
        box.north = std::max(box.north, each.y);
    }
    return {box};
}

}  // namespace credvault::query
