#include "query/geo/point.h"

namespace credvault::query {
namespace {

std::optional<GeoPoint> pair_in_array(const json::View& array) {
    double numbers[2];
    std::size_t count = 0;
    for (const json::View element : array.elements()) {
        if (!element.is_number()) return std::nullopt;
        if (count < 2) numbers[count] = element.as_double();
        ++count;
    }
    if (count < 2) return std::nullopt;
    return GeoPoint{numbers[0], numbers[1]};
}

std::optional<GeoPoint> pair_in_object(const json::View& object) {
    double numbers[2];
    std::size_t count = 0;
    for (const json::Member& member : object.members()) {
        if (!member.value.is_number()) return std::nullopt;
        numbers[count++] = member.value.as_double();
        if (count == 2) return GeoPoint{numbers[0], numbers[1]};
    }
    return std::nullopt;
}

}  // namespace

std::optional<GeoPoint> pair_of(const json::View& value) {
    if (value.is_array()) return pair_in_array(value);
    return value.is_object() ? pair_in_object(value) : std::nullopt;
}

}  // namespace credvault::query
