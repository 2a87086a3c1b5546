#include "query/geo/shape.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "query/geo/flat_shape.h"

namespace credvault::query {
namespace {

Error wrong(std::string message) { return Error(ErrorCode::INVALID_FILTER, std::move(message)); }

/// All points within an angle of one.
class Cap final : public GeoShape {
public:
    Cap(const GeoPoint& center, double angle) : center_(center), angle_(angle) {}
    bool contains(const GeoPoint& point) const override {
        return point.on_globe() && angle_between(center_, point) <= angle_;
    }
    GeoBoxes bounds() const override { return bounds_of_cap(center_, angle_); }

private:
    GeoPoint center_;
    double angle_;
};

class SphericalPoint final : public GeoShape {
public:
    explicit SphericalPoint(const GeoPoint& point) : point_(point) {}
    bool contains(const GeoPoint& point) const override {
        return point.on_globe() && angle_between(point_, point) <= 1e-10;
    }
    GeoBoxes bounds() const override { return bounds_of_cap(point_, 1e-10); }

private:
    GeoPoint point_;
};

/// Polygons, each an outer ring and holes.
class SphericalPolygons final : public GeoShape {
public:
    using Polygon = std::vector<SphericalRing>;
    explicit SphericalPolygons(std::vector<Polygon> polygons) : polygons_(std::move(polygons)) {}

    bool contains(const GeoPoint& point) const override {
        return point.on_globe() && std::ranges::any_of(polygons_, [&](const Polygon& polygon) {
                   const auto in_hole = [&](const SphericalRing& hole) {
                       return hole.contains(point) && !hole.passes(point);
                   };
                   return polygon[0].contains(point) &&
                          std::none_of(polygon.begin() + 1, polygon.end(), in_hole);
               });
    }
    GeoBoxes bounds() const override {
        GeoBoxes all;
        for (const Polygon& polygon : polygons_) {
            const GeoBoxes boxes = polygon[0].bounds();
            all.insert(all.end(), boxes.begin(), boxes.end());
        }
        return all;
    }

private:
    std::vector<Polygon> polygons_;
};

class ShapeParser {
public:
    Result<GeoShapeRef> within(const json::View& argument) {
        TRY(const json::Member member, only_member(argument, "$geoWithin"));
        if (member.name == "$box") return box(member.value);
        if (member.name == "$polygon") return flat_polygon(member.value);
        if (member.name == "$center") return circle(member.value, false);
        if (member.name == "$centerSphere") return circle(member.value, true);
        if (member.name == "$geometry") return geometry(member.value, false);
        return wrong("$geoWithin takes $box, $polygon, $center, $centerSphere or $geometry, not '" +
                     shown_name(member.name) + "'");
    }

    Result<GeoShapeRef> intersects(const json::View& argument) {
        TRY(const json::Member member, only_member(argument, "$geoIntersects"));
        if (member.name != "$geometry") return wrong("$geoIntersects takes $geometry");
        return geometry(member.value, true);
    }

private:
    static Result<json::Member> only_member(const json::View& argument, std::string_view name) {
        if (!argument.is_object() || argument.size() != 1) {
            return wrong(
                std::string(name) +
                " takes an object with one shape, for instance {\"$geometry\": {\"type\": \"Polygon\", "
                "\"coordinates\": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}}");
        }
        return *argument.members().begin();
    }

    Status count_points(const json::View& array) {
        points_ += array.size();
        if (points_ <= max_shape_points) return {};
        return wrong("A shape may have at most " + std::to_string(max_shape_points) + " points");
    }

    Result<std::vector<GeoPoint>> points(const json::View& array, bool on_globe) {
        TRY_VOID(count_points(array));
        std::vector<GeoPoint> all;
        for (const json::View each : array.elements()) {
            TRY(const GeoPoint point, parse_geo_point(each, on_globe));
            all.push_back(point);
        }
        return all;
    }

    Result<GeoShapeRef> box(const json::View& value) {
        constexpr std::string_view form = "$box takes two corners: [[west, south], [east, north]]";
        if (!value.is_array() || value.size() != 2) return wrong(std::string(form));
        TRY(const std::vector<GeoPoint> corners, points(value, false));
        const auto [west, east] = std::minmax(corners[0].x, corners[1].x);
        const auto [south, north] = std::minmax(corners[0].y, corners[1].y);
        return std::make_shared<const FlatBox>(GeoBox{west, south, east, north});
    }

    Result<GeoShapeRef> flat_polygon(const json::View& value) {
        constexpr std::string_view form = "$polygon takes three or more points: [[x, y], …]";
        if (!value.is_array() || value.size() < 3) return wrong(std::string(form));
        TRY(std::vector<GeoPoint> corners, points(value, false));
        return std::make_shared<const FlatPolygon>(std::move(corners));
    }

    Result<GeoShapeRef> circle(const json::View& value, bool spherical) {
        const std::string form = spherical ? "$centerSphere takes [[longitude, latitude], radius in radians]"
                                           : "$center takes [[x, y], radius]";
        if (!value.is_array() || value.size() != 2) return wrong(form);
        auto element = value.elements().begin();
        const json::View center = *element;
        const json::View radius = *++element;
        if (!radius.is_number() || radius.as_double() < 0)
            return wrong(form + "; the radius must not be negative");
        TRY(const GeoPoint point, parse_geo_point(center, spherical));
        if (spherical) return std::make_shared<const Cap>(point, radius.as_double());
        return std::make_shared<const FlatCircle>(point, radius.as_double());
    }

    Result<GeoShapeRef> geometry(const json::View& value, bool takes_points) {
        const std::string form = "$geometry takes GeoJSON: an object with 'type' (" +
                                 std::string(takes_points ? "Point, " : "") +
                                 "Polygon or MultiPolygon) and 'coordinates'";
        if (!value.is_object()) return wrong(form);
        const std::optional<json::View> type = value.find("type");
        const std::optional<json::View> coordinates = value.find("coordinates");
        if (value.find("crs")) return wrong("$geometry takes no 'crs': longitudes and latitudes are WGS 84");
        if (!type || !type->is_string() || !coordinates || !coordinates->is_array()) return wrong(form);
        if (takes_points && type->escaped() == "Point") {
            TRY(const GeoPoint point, parse_geo_point(value, true));
            return std::make_shared<const SphericalPoint>(point);
        }
        std::vector<SphericalPolygons::Polygon> polygons;
        if (type->escaped() == "Polygon") {
            TRY(polygons.emplace_back(), polygon(*coordinates));
        } else if (type->escaped() == "MultiPolygon") {
            if (coordinates->empty()) return wrong("A MultiPolygon has one polygon or more");
            for (const json::View each : coordinates->elements()) {
                TRY(polygons.emplace_back(), polygon(each));
            }
        } else {
            return wrong(form);
        }
        return std::make_shared<const SphericalPolygons>(std::move(polygons));
    }

    Result<SphericalPolygons::Polygon> polygon(const json::View& value) {
        if (!value.is_array() || value.empty())
            return wrong("A polygon is an array of rings: [[[0, 0], …], …]");
        SphericalPolygons::Polygon rings;
        for (const json::View each : value.elements()) {
            TRY(SphericalRing made, ring(each));
            rings.push_back(std::move(made));
        }
        return rings;
    }

    Result<SphericalRing> ring(const json::View& value) {
        if (!value.is_array()) return wrong("A ring of a polygon is an array of positions");
        TRY(std::vector<GeoPoint> corners, points(value, true));
        if (corners.size() < 4 || !(corners.front() == corners.back())) {
            return wrong("A ring of a polygon has four positions or more, the last one being the first");
        }
        corners.pop_back();
        std::vector<GeoPoint> different;
        for (const GeoPoint& each : corners) {
            if (std::ranges::find(different, each) == different.end()) different.push_back(each);
            if (different.size() == 3) break;
        }
        if (different.size() < 3) return wrong("A ring of a polygon has three different positions or more");
        for (std::size_t i = 0; i < corners.size(); ++i) {
            if (angle_between(corners[i], corners[(i + 1) % corners.size()]) > pi - 1e-9) {
                return wrong(
                    "Two neighbouring positions of a ring must not lie opposite each other on the globe");
            }
        }
        return SphericalRing(corners);
    }

    std::size_t points_ = 0;
};

}  // namespace

Result<GeoPoint> parse_geo_point(const json::View& value, bool on_globe) {
    std::optional<GeoPoint> point;
    const std::optional<json::View> type = value.is_object() ? value.find("type") : std::nullopt;
    if (type && type->text() == "\"Point\"") {
        const std::optional<json::View> coordinates = value.find("coordinates");
        if (coordinates && coordinates->is_array()) point = pair_of(*coordinates);
    } else {
        point = pair_of(value);
    }
    if (!point) return wrong("A point is [longitude, latitude] or a GeoJSON Point");
    if (on_globe && !point->on_globe()) {
        return wrong("A point has a longitude from -180 to 180 and a latitude from -90 to 90, in this order");
    }
    return *point;
}

Result<GeoShapeRef> parse_geo_within(const json::View& argument) { return ShapeParser().within(argument); }
Result<GeoShapeRef> parse_geo_intersects(const json::View& argument) {
    return ShapeParser().intersects(argument);
}

}  // namespace credvault::query
