#include "query/geo/near.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "query/geo/shape.h"

namespace credvault::query {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
/// Of the first ring, in radians: some hundred metres. In degrees of the plane it is more, which does no harm.
constexpr double first_ring = 2e-5;
/// Each ring reaches so many times as far as the one before.
constexpr double growth = 4;

Error wrong(std::string message) { return Error(ErrorCode::INVALID_FILTER, std::move(message)); }

}  // namespace

Result<std::shared_ptr<const GeoNear>> GeoNear::parse(bool on_sphere, const json::View& argument,
                                                      const json::View& siblings) {
    auto near = std::make_shared<GeoNear>();
    near->on_sphere_ = on_sphere;
    near->max_ = infinity;
    TRY_VOID(near->read_argument(argument));
    TRY_VOID(near->read_bound(siblings, "$maxDistance", near->max_));
    TRY_VOID(near->read_bound(siblings, "$minDistance", near->min_));
    return std::shared_ptr<const GeoNear>(std::move(near));
}

Status GeoNear::read_argument(const json::View& argument) {
    const std::optional<json::View> geometry =
        argument.is_object() ? argument.find("$geometry") : std::nullopt;
    if (!geometry) {
        TRY(center_, parse_geo_point(argument, on_sphere_));
        return {};
    }
    for (const json::Member& member : argument.members()) {
        if (member.name == "$geometry" || member.name == "$maxDistance" || member.name == "$minDistance")
            continue;
        return wrong("A point to be near to takes $geometry, $maxDistance and $minDistance, not '" +
                     shown_name(member.name) + "'");
    }
    if (!geometry->is_object()) return wrong("$geometry takes a GeoJSON Point");
    TRY(center_, parse_geo_point(*geometry, true));
    on_sphere_ = true;
    unit_ = 1 / earth_radius;
    TRY_VOID(read_bound(argument, "$maxDistance", max_));
    return read_bound(argument, "$minDistance", min_);
}

Status GeoNear::read_bound(const json::View& from, std::string_view name, double& bound) {
    const std::optional<json::View> value = from.find(name);
    if (!value) return {};
    if (!value->is_number() || value->as_double() < 0) {
        return wrong(std::string(name) + " is a distance: a number that is not negative");
    }
    bound = value->as_double();
    return {};
}

double GeoNear::distance_to(const GeoPoint& point) const {
    if (!on_sphere_) return std::hypot(point.x - center_.x, point.y - center_.y);
    return point.on_globe() ? angle_between(center_, point) / unit_ : infinity;
}

std::optional<double> GeoNear::distance_in(const json::View* first, std::span<const PathPart> parts) const {
    double least = infinity;
    each_point(first, parts, [&](const GeoPoint& point) {
        least = std::min(least, distance_to(point));
        return false;
    });
    if (least == infinity || least > max_ || least < min_) return std::nullopt;
    return least;
}

CellRanges GeoNear::cells_within(double distance) const {
    if (on_sphere_) {
        const double angle = std::min(distance * unit_ * (1 + 1e-9), pi);
        return cover(bounds_of_cap(center_, angle));
    }
    const double far = distance * (1 + 1e-9);
    return cover({{center_.x - far, center_.y - far, center_.x + far, center_.y + far}});
}

double GeoNear::first_reach() const { return std::min(std::max(first_ring / unit_, min_), last_reach()); }

double GeoNear::last_reach() const { return on_sphere_ ? std::min(max_, pi / unit_) : max_; }

std::optional<CellRanges> NearRings::next() {
    const double last = near_->last_reach();
    if (reach_ >= last) return std::nullopt;
    reach_ = reach_ < 0 ? near_->first_reach() : std::min(reach_ * growth, last);
    // A plane has no end, but its cells have: beyond some distance all of them are within.
    constexpr double all_cells = 1e6;
    if (reach_ > all_cells && last == infinity) reach_ = infinity;
    // Smaller rings may have had cells that a larger one, covered by larger cells, does not need.
    CellRanges ring = difference(near_->cells_within(reach_), given_);
    given_ = joined(std::move(given_), ring);
    return ring;
}

}  // namespace credvault::query
