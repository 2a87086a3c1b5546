#include "query/filter_shape.h"

#include <gtest/gtest.h>

#include "json/canonical.h"

namespace credvault::query {
namespace {

std::string shape_of(std::string_view filter, std::size_t max_bytes = 512) {
    const auto text = json::canonicalize(filter);
    EXPECT_TRUE(text.ok());
    const auto parsed = parse_filter(json::View(*text));
    EXPECT_TRUE(parsed.ok());
    return filter_shape(*parsed, max_bytes);
}

TEST(FilterShape, HoldsPathsAndOperatorsAndNoValue) {
    EXPECT_EQ(shape_of("{}"), "{}");
    EXPECT_EQ(shape_of(R"({"status":"secret"})"), R"({"status":{"$eq":?}})");
    EXPECT_EQ(shape_of(R"({"age":{"$gt":5,"$lte":9}})"), R"({"age":{"$gt":?},"age":{"$lte":?}})");
    EXPECT_EQ(shape_of(R"({"a":{"$ne":1},"b":{"$elemMatch":{"c":2}}})"),
              R"({"a":{"$not":{"$eq":?}},"b":{"$elemMatch":{"c":{"$eq":?}}}})");
}

TEST(FilterShape, KeepsAlternatives) {
    EXPECT_EQ(shape_of(R"({"$or":[{"a":1,"b":2},{"c":{"$in":[1,2]}}]})"),
              R"({"$or":[{"a":{"$eq":?},"b":{"$eq":?}},{"c":{"$in":?}}]})");
}

TEST(FilterShape, IsTheSameForQueriesThatDifferInValuesOnly) {
    EXPECT_EQ(shape_of(R"({"a":1,"b":{"$in":[1]}})"), shape_of(R"({"a":"x","b":{"$in":[2,3]}})"));
    EXPECT_NE(shape_of(R"({"a":1})"), shape_of(R"({"a":{"$gt":1}})"));
}

TEST(FilterShape, IsCutAtACharacter) {
    const std::string cut = shape_of(R"({"äöü":1,"b":2})", 5);
    EXPECT_EQ(cut, "{\"ä…");
    EXPECT_LE(shape_of(R"({"$or":[{"a":1},{"b":1},{"c":1}]})", 16).size(), 16 + 3U);
}

}  // namespace
}  // namespace credvault::query
