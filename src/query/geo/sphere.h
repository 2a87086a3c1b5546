// Geometry on the sphere: distances and polygons whose edges are great circles. Angles in radians unless said
// otherwise. Value types; thread-safe.
#pragma once

#include <vector>

#include "query/geo/point.h"

namespace credvault::query {

/// MongoDB's: metres.
constexpr double earth_radius = 6378100.0;
constexpr double pi = 3.14159265358979323846;
constexpr double degree = pi / 180;

/// A box of longitudes and latitudes, its edges included.
struct GeoBox {
    double west = -180;
    double south = -90;
    double east = 180;
    double north = 90;
};
using GeoBoxes = std::vector<GeoBox>;

/// The angle between two points (the haversine formula, Sinnott, Sky and Telescope 68, 1984).
double angle_between(const GeoPoint& a, const GeoPoint& b);
/// Boxes that hold all points within an angle of a point.
GeoBoxes bounds_of_cap(const GeoPoint& center, double angle);
/// Boxes on the globe for one whose longitudes may reach beyond 180 degrees, made a little larger.
GeoBoxes wrapped(GeoBox box);

struct Vector3 {
    double x = 0, y = 0, z = 0;
};

/// A closed line of great circles; of the two parts that it divides the sphere into, the smaller one is its inside.
class SphericalRing {
public:
    /// Precondition: at least three different points, no two neighbours opposite each other. The last one is joined
    /// to the first.
    explicit SphericalRing(const std::vector<GeoPoint>& points);

    /// The ring itself counts as inside.
    bool contains(const GeoPoint& point) const;
    /// Whether the point lies on the ring.
    bool passes(const GeoPoint& point) const;
    GeoBoxes bounds() const;

private:
    struct Edge {
        Vector3 from, to;
        Vector3 normal;   ///< Of length 1.
        double west = 0;  ///< Longitude, degrees, where it begins …
        double turn = 0;  ///< … and how far it goes to the east; negative: to the west.
        bool over_pole = false;
    };

    void settle_poles();
    void add_latitudes(const Edge& edge, GeoBox& box) const;

    std::vector<Edge> edges_;
    bool north_inside_ = false;
    bool south_inside_ = false;
};

}  // namespace credvault::query
