#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "query/geo/cells.h"
#include "query/geo/near.h"
#include "query/geo/shape.h"

namespace credvault::query {
namespace {

GeoShapeRef shape_of(std::string_view text) {
    const auto shape = parse_geo_within(json::View(text));
    EXPECT_TRUE(shape.ok()) << text << (shape.ok() ? "" : shape.error().message);
    return *shape;
}

GeoShapeRef polygon(std::string_view ring) {
    return shape_of(R"({"$geometry":{"type":"Polygon","coordinates":[)" + std::string(ring) + "]}}");
}

TEST(Sphere, MeasuresDistances) {
    // London to New York, Bern to Zurich; a quarter and a half of the way around.
    EXPECT_NEAR(angle_between({-0.1278, 51.5074}, {-74.006, 40.7128}) * 6371.0, 5570, 1);
    EXPECT_NEAR(angle_between({7.4474, 46.948}, {8.5417, 47.3769}) * 6371.0, 95.4, 0.5);
    EXPECT_NEAR(angle_between({0, 0}, {0, 90}), pi / 2, 1e-12);
    EXPECT_NEAR(angle_between({0, 0}, {180, 0}), pi, 1e-12);
    EXPECT_NEAR(angle_between({-180, 10}, {180, 10}), 0, 1e-12);
}

TEST(SphericalPolygons, HaveGreatCirclesAsSides) {
    const GeoShapeRef shape = polygon("[[0,50],[60,50],[60,40],[0,40],[0,50]]");
    EXPECT_TRUE(shape->contains({30, 52})) << "the side bulges to the north";
    EXPECT_FALSE(shape->contains({30, 55}));
    EXPECT_FALSE(shape->contains({30, 41})) << "and so does the other one";
    EXPECT_TRUE(shape->contains({0, 50})) << "corners belong to it";
    EXPECT_TRUE(shape->contains({0, 45})) << "and sides";
    EXPECT_FALSE(shape->contains({-150, -45})) << "the other side of the globe does not";
    EXPECT_FALSE(shape->contains({200, 100})) << "what is no place is nowhere";
}

TEST(SphericalPolygons, MayHoldAPoleOrCrossTheDateLine) {
    const GeoShapeRef arctic = polygon("[[0,70],[120,70],[-120,70],[0,70]]");
    EXPECT_TRUE(arctic->contains({77, 90}));
    EXPECT_TRUE(arctic->contains({-60, 88}));
    EXPECT_FALSE(arctic->contains({60, 60}));
    EXPECT_FALSE(arctic->contains({0, -89}));
    const GeoShapeRef antarctic = polygon("[[0,-70],[-120,-70],[120,-70],[0,-70]]");
    EXPECT_TRUE(antarctic->contains({10, -89}));
    EXPECT_FALSE(antarctic->contains({10, 89}));
    const GeoShapeRef fiji = polygon("[[170,-30],[170,0],[-170,0],[-170,-30],[170,-30]]");
    EXPECT_TRUE(fiji->contains({180, -10}));
    EXPECT_TRUE(fiji->contains({-180, -10}));
    EXPECT_FALSE(fiji->contains({0, -10}));
    const GeoShapeRef over_pole = polygon("[[0,80],[180,80],[90,70],[0,80]]");
    EXPECT_TRUE(over_pole->contains({90, 85}));
    EXPECT_FALSE(over_pole->contains({-90, 85}));
    const GeoShapeRef holed = polygon("[[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[6,4],[6,6],[4,6],[4,4]]");
    EXPECT_FALSE(holed->contains({5, 5}));
    EXPECT_TRUE(holed->contains({4, 5})) << "the edge of a hole is no hole";
}

TEST(SphericalPolygons, MayGoFarAround) {
    // Ten degrees of the equator from 170 west to 170 east, in steps.
    std::string ring;
    for (int lon = -170; lon <= 170; lon += 20) ring += "[" + std::to_string(lon) + ",-5],";
    for (int lon = 170; lon >= -170; lon -= 20) ring += "[" + std::to_string(lon) + ",5],";
    const GeoShapeRef band = polygon("[" + ring + "[-170,-5]]");
    EXPECT_TRUE(band->contains({90, 0}));
    EXPECT_TRUE(band->contains({-90, 0})) << "opposite places may both be within";
    EXPECT_FALSE(band->contains({180, 0}));
    EXPECT_FALSE(band->contains({0, 20}));
}

TEST(FlatShapes, HoldTheirEdges) {
    const GeoShapeRef triangle = shape_of(R"({"$polygon":[[0,0],[4,0],[0,4]]})");
    for (const GeoPoint& inside : {GeoPoint{1, 1}, {0, 0}, {2, 2}, {0, 3}})
        EXPECT_TRUE(triangle->contains(inside));
    for (const GeoPoint& outside : {GeoPoint{2.1, 2}, {-0.1, 1}, {4.1, 0}})
        EXPECT_FALSE(triangle->contains(outside));
    EXPECT_TRUE(shape_of(R"({"$box":[[2,3],[0,1]]})")->contains({2, 1})) << "corners in any order";
    EXPECT_TRUE(shape_of(R"({"$center":[{"x":0,"y":0},5]})")->contains({3, 4}));
}

TEST(Shapes, RefuseWhatIsNone) {
    for (const char* wrong :
         {"{}", "[]", R"({"$box":[[0,0]]})", R"({"$box":[[0,0],["a",1]]})", R"({"$polygon":[[0,0],[1,1]]})",
          R"({"$center":[[0,0]]})", R"({"$centerSphere":[[0,91],1]})",
          R"({"$geometry":{"type":"Point","coordinates":[0,0]}})",
          R"({"$geometry":{"type":"Polygon","coordinates":[]}})",
          R"({"$geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0],[0,0]]]}})",
          R"({"$geometry":{"type":"Polygon","coordinates":[[[0,0],[180,0],[90,10],[0,0]]]}})",
          R"({"$geometry":{"type":"MultiPolygon","coordinates":[]}})",
          R"({"$geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]],"crs":{}}})"}) {
        EXPECT_FALSE(parse_geo_within(json::View(wrong)).ok()) << wrong;
    }
    std::string many;
    for (std::size_t i = 0; i <= max_shape_points; ++i) many += (i > 0 ? ",[1,2]" : "[1,2]");
    EXPECT_FALSE(parse_geo_within(json::View(R"({"$polygon":[)" + many + "]}")).ok());
}

bool holds(const CellRanges& ranges, const GeoPoint& point) {
    const std::uint64_t cell = cell_of(point);
    return std::ranges::any_of(
        ranges, [&](const CellRange& each) { return each.first <= cell && cell <= each.last; });
}

TEST(Cells, CoverWhatAreIn) {
    std::mt19937_64 engine(7);
    const auto between = [&](double low, double high) {
        return std::uniform_real_distribution<>(low, high)(engine);
    };
    for (int round = 0; round < 300; ++round) {
        const GeoPoint center{between(-180, 180), between(-90, 90)};
        const double angle = std::exp(between(-14, 1));
        const CellRanges ranges = cover(bounds_of_cap(center, angle));
        EXPECT_LE(ranges.size(), 64u);
        for (int i = 0; i < 50; ++i) {
            const double reach = angle / degree;
            const GeoPoint point{std::remainder(center.x + between(-reach, reach) * 3, 360),
                                 std::clamp(center.y + between(-reach, reach), -90.0, 90.0)};
            if (angle_between(center, point) <= angle) {
                ASSERT_TRUE(holds(ranges, point)) << round;
            }
        }
    }
}

TEST(Cells, AreMovedToTheEdgeOfTheGlobe) {
    EXPECT_EQ(cell_of({1e300, 0}), cell_of({180, 0}));
    EXPECT_EQ(cell_of({0, -1e300}), cell_of({0, -90}));
    EXPECT_TRUE(holds(cover({{170, 80, 500, 500}}), {300, 300}));
    EXPECT_DOUBLE_EQ(share_of(cover({{-180, -90, 180, 90}})), 1);
}

TEST(Cells, SubtractRanges) {
    const CellRanges left = difference({{0, 9}, {20, 29}, {40, 49}}, {{0, 4}, {8, 22}, {25, 26}, {40, 60}});
    EXPECT_EQ(left, (CellRanges{{5, 7}, {23, 24}, {27, 29}}));
    EXPECT_EQ(joined({{0, 4}, {9, 9}}, {{5, 6}}), (CellRanges{{0, 6}, {9, 9}}));
}

TEST(Near, GrowsUntilItHasAllOfTheGlobe) {
    const auto near = GeoNear::parse(
        false, json::View(R"({"$geometry":{"type":"Point","coordinates":[179.9,10]}})"), json::View("{}"));
    ASSERT_TRUE(near.ok());
    NearRings rings(*near);
    CellRanges all;
    int count = 0;
    while (const auto ring = rings.next()) {
        EXPECT_TRUE(difference(*ring, all) == *ring) << "no cell comes twice";
        all = joined(std::move(all), *ring);
        ++count;
    }
    EXPECT_LT(count, 20);
    EXPECT_DOUBLE_EQ(share_of(all), 1);
}

}  // namespace
}  // namespace credvault::query
