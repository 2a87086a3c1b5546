#include "query/geo/sphere.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace credvault::query {
namespace {

/// What floating point may lose, in radians: less than a millimetre on the ground.
constexpr double on_line = 1e-10;
/// Degrees that bounds are made larger by: a centimetre.
constexpr double margin = 1e-7;

Vector3 operator+(const Vector3& a, const Vector3& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
Vector3 operator-(const Vector3& a) { return {-a.x, -a.y, -a.z}; }
Vector3 operator*(double f, const Vector3& a) { return {f * a.x, f * a.y, f * a.z}; }
double dot(const Vector3& a, const Vector3& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
Vector3 cross(const Vector3& a, const Vector3& b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
double length(const Vector3& a) { return std::sqrt(dot(a, a)); }
Vector3 unit(const Vector3& a) {
    const double size = length(a);
    return size > 0 ? 1 / size * a : a;
}
constexpr Vector3 north_pole{0, 0, 1};
constexpr double infinity = std::numeric_limits<double>::infinity();

Vector3 vector_of(const GeoPoint& point) {
    const double lon = point.x * degree;
    const double lat = point.y * degree;
    return {std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)};
}

double latitude(const Vector3& v) { return std::atan2(v.z, std::hypot(v.x, v.y)) / degree; }

/// From -180 (included) to 180.
double wrapped_degrees(double longitude) {
    const double turned = std::fmod(longitude + 180, 360);
    return (turned < 0 ? turned + 360 : turned) - 180;
}

}  // namespace

double angle_between(const GeoPoint& a, const GeoPoint& b) {
    const double lat = std::sin((b.y - a.y) * degree / 2);
    const double lon = std::sin((b.x - a.x) * degree / 2);
    const double h = lat * lat + std::cos(a.y * degree) * std::cos(b.y * degree) * lon * lon;
    return 2 * std::asin(std::min(1.0, std::sqrt(h)));
}

GeoBoxes wrapped(GeoBox box) {
    box.south = std::max(box.south - margin, -90.0);
    box.north = std::min(box.north + margin, 90.0);
    box.west -= margin;
    box.east += margin;
    // At a pole all longitudes are the same place.
    const bool all_around = box.east - box.west >= 360 || box.south == -90 || box.north == 90;
    if (all_around) return {{-180, box.south, 180, box.north}};
    const double west = wrapped_degrees(box.west);
    const double east = west + (box.east - box.west);
    if (east <= 180) return {{west, box.south, east, box.north}};
    return {{west, box.south, 180, box.north}, {-180, box.south, east - 360, box.north}};
}

GeoBoxes bounds_of_cap(const GeoPoint& center, double angle) {
    const double reach = angle / degree;
    GeoBox box{-180, center.y - reach, 180, center.y + reach};
    if (box.south <= -90 || box.north >= 90) return wrapped(box);
    const double lon = std::asin(std::min(1.0, std::sin(angle) / std::cos(center.y * degree))) / degree;
    box.west = center.x - lon;
    box.east = center.x + lon;
    return wrapped(box);
}

SphericalRing::SphericalRing(const std::vector<GeoPoint>& points) {
    for (std::size_t i = 0; i < points.size(); ++i) {
        const GeoPoint& from = points[i];
        const GeoPoint& to = points[(i + 1) % points.size()];
        if (from == to) continue;
        Edge edge;
        edge.from = vector_of(from);
        edge.to = vector_of(to);
        edge.normal = unit(cross(edge.from, edge.to));
        edge.west = from.x;
        edge.turn = wrapped_degrees(to.x - from.x);
        edge.over_pole = std::fabs(edge.turn) > 180 - 1e-9;
        edges_.push_back(edge);
    }
    settle_poles();
}

/// The triangles between the edges and the north pole have, signs and all, the area of the part that holds the pole
/// where the ring goes around it, and of the part that does not where it doesn't.
void SphericalRing::settle_poles() {
    double area = 0;
    double turned = 0;
    for (const Edge& edge : edges_) {
        const double above = dot(north_pole, cross(edge.from, edge.to));
        area += 2 * std::atan2(above, 1 + edge.from.z + edge.to.z + dot(edge.from, edge.to));
        turned += edge.turn;
    }
    const bool between_poles = std::fabs(turned) > 180;
    const bool is_small = std::fabs(area) <= 2 * pi;
    north_inside_ = between_poles ? is_small : !is_small;
    south_inside_ = between_poles != north_inside_;
}

bool SphericalRing::passes(const GeoPoint& point) const {
    const Vector3 p = vector_of(point);
    return std::ranges::any_of(edges_, [&p](const Edge& edge) {
        if (std::fabs(dot(edge.normal, p)) > on_line) return false;
        const bool between =
            dot(cross(edge.from, p), edge.normal) >= 0 && dot(cross(p, edge.to), edge.normal) >= 0;
        return between || length(p + -edge.from) <= on_line || length(p + -edge.to) <= on_line;
    });
}

/// Counts the edges on the way to the north pole. Each edge holds its western end and not its eastern one, so that a
/// corner is met once.
bool SphericalRing::contains(const GeoPoint& point) const {
    if (passes(point)) return true;
    bool inside = north_inside_;
    const double height = std::tan(point.y * degree);
    const double lon = point.x * degree;
    for (const Edge& edge : edges_) {
        const double east = wrapped_degrees(point.x - edge.west);
        const bool spans = edge.turn > 0 ? east >= 0 && east < edge.turn : east >= edge.turn && east < 0;
        if (!spans) continue;
        const Vector3& n = edge.normal;
        const double edge_height = edge.over_pole ? (edge.from.z + edge.to.z) * infinity
                                                  : -(n.x * std::cos(lon) + n.y * std::sin(lon)) / n.z;
        if (edge_height > height) inside = !inside;
    }
    return inside;
}

/// A great circle is nearest to a pole somewhere between its ends, perhaps.
void SphericalRing::add_latitudes(const Edge& edge, GeoBox& box) const {
    const auto add = [&box](const Vector3& v) {
        const double lat = latitude(v);
        box.south = std::min(box.south, lat);
        box.north = std::max(box.north, lat);
    };
    add(edge.from);
    const Vector3 top = unit(north_pole + -(edge.normal.z * edge.normal));
    for (const Vector3& extreme : {top, -top}) {
        const bool on_edge =
            dot(cross(edge.from, extreme), edge.normal) > 0 && dot(cross(extreme, edge.to), edge.normal) > 0;
        if (on_edge) add(extreme);
    }
}

GeoBoxes SphericalRing::bounds() const {
    GeoBox box{edges_[0].west, 90, edges_[0].west, -90};
    double lon = edges_[0].west;
    for (const Edge& edge : edges_) {
        add_latitudes(edge, box);
        lon += edge.turn;
        box.west = std::min(box.west, lon);
        box.east = std::max(box.east, lon);
    }
    if (north_inside_) box.north = 90;
    if (south_inside_) box.south = -90;
    return wrapped(box);
}

}  // namespace credvault::query
