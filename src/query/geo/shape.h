// The shapes that $geoWithin and $geoIntersects know, flat ones and spherical ones. A shape says exactly which points
// it holds, its edge included, and in which boxes all of them lie. Immutable; thread-safe.
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "json/view.h"
#include "query/geo/sphere.h"

namespace credvault::query {

class GeoShape {
public:
    virtual ~GeoShape() = default;
    virtual bool contains(const GeoPoint& point) const = 0;
    /// Points of flat shapes that lie beyond the globe count as moved to its edge (cells.h).
    virtual GeoBoxes bounds() const = 0;
};
using GeoShapeRef = std::shared_ptr<const GeoShape>;

constexpr std::size_t max_shape_points = 10'000;

/// The argument of $geoWithin ($box, $polygon, $center, $centerSphere, or $geometry with a Polygon or MultiPolygon) or
/// of $geoIntersects ($geometry with a Point, too). Fail with INVALID_FILTER and leave `field` to the caller.
Result<GeoShapeRef> parse_geo_within(const json::View& argument);
Result<GeoShapeRef> parse_geo_intersects(const json::View& argument);
/// [x, y], {"lon": …, "lat": …} or a GeoJSON Point. `on_globe`: only longitudes and latitudes.
Result<GeoPoint> parse_geo_point(const json::View& value, bool on_globe);

}  // namespace credvault::query
