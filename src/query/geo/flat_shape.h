// Flat shapes: degrees are taken as x and y of a plane. Internal to shape.h's parsers. Immutable; thread-safe.
#pragma once

#include <vector>

#include "query/geo/shape.h"

namespace credvault::query {

class FlatBox final : public GeoShape {
public:
    explicit FlatBox(const GeoBox& box) : box_(box) {}
    bool contains(const GeoPoint& point) const override {
        return point.x >= box_.west && point.x <= box_.east && point.y >= box_.south && point.y <= box_.north;
    }
    GeoBoxes bounds() const override { return {box_}; }

private:
    GeoBox box_;
};

class FlatCircle final : public GeoShape {
public:
    FlatCircle(const GeoPoint& center, double radius) : center_(center), radius_(radius) {}
    bool contains(const GeoPoint& point) const override;
    GeoBoxes bounds() const override {
        return {{center_.x - radius_, center_.y - radius_, center_.x + radius_, center_.y + radius_}};
    }

private:
    GeoPoint center_;
    double radius_;
};

class FlatPolygon final : public GeoShape {
public:
    /// Precondition: at least three points; the last one is joined to the first.
    explicit FlatPolygon(std::vector<GeoPoint> points) : points_(std::move(points)) {}
    bool contains(const GeoPoint& point) const override;
    GeoBoxes bounds() const override;

private:
    std::vector<GeoPoint> points_;
};

}  // namespace credvault::query
