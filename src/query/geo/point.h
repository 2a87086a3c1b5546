// Points in records: [longitude, latitude], {"lon": …, "lat": …} (an object whose first two members are numbers, so
// ordered), GeoJSON Point and MultiPoint, and arrays of these. Filters and indexes find them alike. Pure functions.
#pragma once

#include <optional>

#include "json/view.h"
#include "query/path.h"
#include "query/path_walk.h"

namespace credvault::query {

struct GeoPoint {
    double x = 0;  ///< Longitude, degrees.
    double y = 0;  ///< Latitude, degrees.

    /// Whether it lies on the globe. Flat shapes know other points too.
    bool on_globe() const { return x >= -180 && x <= 180 && y >= -90 && y <= 90; }
    friend bool operator==(const GeoPoint&, const GeoPoint&) = default;
};

/// A pair of numbers: [x, y] or an object's first two members. An array may have more numbers, such as a height.
std::optional<GeoPoint> pair_of(const json::View& value);

/// Calls visit(GeoPoint) for each point that a value stands for, until it returns true. Returns whether it did.
template <class Visit>
bool each_point_in(const json::View& value, Visit& visit, bool in_array = false) {
    if (value.is_object()) {
        const std::optional<json::View> type = value.find("type");
        if (type && type->is_string()) {
            const std::optional<json::View> coordinates = value.find("coordinates");
            if (!coordinates || !coordinates->is_array()) return false;
            if (type->escaped() == "Point") {
                const std::optional<GeoPoint> point = pair_of(*coordinates);
                return point && visit(*point);
            }
            if (type->escaped() != "MultiPoint") return false;
            for (const json::View position : coordinates->elements()) {
                const std::optional<GeoPoint> point = pair_of(position);
                if (point && visit(*point)) return true;
            }
            return false;
        }
    }
    if (const std::optional<GeoPoint> point = pair_of(value)) return visit(*point);
    if (!value.is_array() || in_array) return false;
    for (const json::View element : value.elements()) {
        if (each_point_in(element, visit, true)) return true;
    }
    return false;
}

/// The same for the values of a path in a record, of which `first` is that of the path's first part (null: missing).
template <class Visit>
bool each_point(const json::View* first, std::span<const PathPart> parts, Visit visit) {
    const auto at_end = [&visit](const json::View* value, Position) {
        return value != nullptr && each_point_in(*value, visit);
    };
    return PathWalk(parts, LeafArrays::Whole, at_end).from(first);
}

}  // namespace credvault::query
