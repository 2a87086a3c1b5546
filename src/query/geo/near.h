// What $near and $nearSphere ask for: records by their distance from a point, each by its nearest point, within
// a least and a greatest distance. With a GeoJSON point distances are metres on the globe; with [x, y] they are radians
// there ($nearSphere) or the coordinates' own unit on a plane ($near). Immutable; thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "base/result.h"
#include "json/view.h"
#include "query/geo/cells.h"

namespace credvault::query {

class GeoNear {
public:
    /// `siblings` is the object around the operator, where $maxDistance and $minDistance may stand. Fails with
    /// INVALID_FILTER and leaves `field` to the caller.
    static Result<std::shared_ptr<const GeoNear>> parse(bool on_sphere, const json::View& argument,
                                                        const json::View& siblings);

    /// The distance of the nearest point among the values of a path (point.h); nothing where there is none, or none
    /// within the bounds.
    std::optional<double> distance_in(const json::View* first, std::span<const PathPart> parts) const;

    double max_distance() const { return max_; }
    /// Cells that hold all points up to this distance.
    CellRanges cells_within(double distance) const;
    /// Where a search that goes outwards begins, and whether it may stop: beyond it nothing is any further.
    double first_reach() const;
    double last_reach() const;

private:
    Status read_argument(const json::View& argument);
    Status read_bound(const json::View& from, std::string_view name, double& bound);
    double distance_to(const GeoPoint& point) const;

    bool on_sphere_ = false;
    double unit_ = 1;  ///< On the sphere: radians.
    GeoPoint center_;
    double min_ = 0;
    double max_ = 0;
};

/// Cells from near to far, in rings that grow.
class NearRings {
public:
    explicit NearRings(std::shared_ptr<const GeoNear> near) : near_(std::move(near)) {}

    /// The next ring, without what was in those before. Nothing at the end.
    std::optional<CellRanges> next();
    /// All points up to this distance are in the rings given.
    double reach() const { return reach_; }

private:
    std::shared_ptr<const GeoNear> near_;
    CellRanges given_;
    double reach_ = -1;
};

}  // namespace credvault::query
