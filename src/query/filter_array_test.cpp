#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "query/filter_testing.h"

namespace credvault::query {
namespace {

TEST(FilterArray, MatchesWholeOrByElement) {
    check({
        {R"({"a":2})", {R"({"a":[1,2,3]})"}, {R"({"a":[[2]]})", R"({"a":[]})", R"({"a":["2"]})"}},
        {R"({"a":[1,2]})",
         {R"({"a":[1,2]})", R"({"a":[1.0,2]})", R"({"a":[[1,2],3]})"},
         {R"({"a":[2,1]})", R"({"a":[1,2,3]})", R"({"a":1})", R"({"a":[[[1,2]]]})"}},
        {R"({"a":[]})", {R"({"a":[]})", R"({"a":[[]]})"}, {R"({"a":[1]})", R"({})", R"({"a":null})"}},
        {R"({"a":{"b":1}})", {R"({"a":[{"b":1}]})"}, {R"({"a":[{"b":1,"c":2}]})"}},
    });
}

TEST(FilterArray, PathsEnterArrays) {
    check({
        {R"({"a.b":1})",
         {R"({"a":{"b":1}})", R"({"a":[{"b":2},{"b":1}]})", R"({"a":{"b":[0,1]}})", R"({"a":[{"b":[0,1]}]})"},
         {R"({"a":[[{"b":1}]]})", R"({"a.b":1})", R"({"a":[1]})", R"({"a":1,"b":1})"}},
        {R"({"a.b.c":1})",
         {R"({"a":[{"b":[{"c":1}]}]})", R"({"a":{"b":[{"c":1}]}})"},
         {R"({"a":[{"b":[[{"c":1}]]}]})"}},
        {R"({"a.0":1})",
         {R"({"a":[1,2]})", R"({"a":{"0":1}})", R"({"a":[{"0":1}]})"},
         {R"({"a":[2,1]})", R"({"a":[[1]]})"}},
        {R"({"a.1.b":1})",
         {R"({"a":[{},{"b":1}]})", R"({"a":{"1":{"b":1}}})", R"({"a":[{"1":{"b":1}}]})",
          R"({"a":[0,[{"b":1}]]})"},
         {R"({"a":[{"b":1},{}]})"}},
        {R"({"a.0.1":6})", {R"({"a":[[5,6]]})"}, {R"({"a":[[6,5]]})", R"({"a":[5,6]})"}},
        {R"({"a.00":1})", {R"({"a":{"00":1}})"}, {R"({"a":[1]})"}},
        {R"({"a.-1":1})", {R"({"a":{"-1":1}})"}, {R"({"a":[1]})"}},
        {R"({"a.4294967296":1})", {R"({"a":{"4294967296":1}})"}, {R"({"a":[1]})"}},
        {R"({"":1})", {R"({"":1})"}, {R"({"a":1})"}},
        {R"({"a..b":1})", {R"({"a":{"":{"b":1}}})"}, {R"({"a":{"b":1}})"}},
        {R"({"é\n.\"":1})", {R"({"é\n":{"\"":1}})"}, {R"({"é":1})"}},
    });
}

TEST(FilterArray, SizeSeesArraysOnly) {
    check({
        {R"({"a":{"$size":2}})",
         {R"({"a":[1,[2]]})", R"({"a":[[],[]]})"},
         {R"({"a":[1]})", R"({"a":"ab"})", R"({"a":[[1,2]]})"}},
        {R"({"a":{"$size":0}})", {R"({"a":[]})"}, {R"({"a":[1]})", R"({})", R"({"a":null})", R"({"a":{}})"}},
        {R"({"a.b":{"$size":3.0}})", {R"({"a":[{"b":[1]},{"b":[1,2,3]}]})"}, {R"({"a":[{"b":1}]})"}},
        {R"({"a.0":{"$size":2}})", {R"({"a":[[1,2],3]})"}, {R"({"a":[1,2]})"}},
    });
}

TEST(FilterArray, AllWantsEveryValue) {
    check({
        {R"({"a":{"$all":["x","y"]}})",
         {R"({"a":["y","z","x"]})"},
         {R"({"a":["x"]})", R"({"a":"x"})", R"({"a":[["x","y"]]})", R"({})"}},
        {R"({"a":{"$all":["x"]}})", {R"({"a":"x"})", R"({"a":["x"]})"}, {R"({"a":[]})"}},
        {R"({"a":{"$all":["x","x"]}})", {R"({"a":"x"})"}, {R"({"a":"y"})"}},
        {R"({"a":{"$all":[[1,2]]}})", {R"({"a":[1,2]})", R"({"a":[[1,2]]})"}, {R"({"a":[2,1]})"}},
        {R"({"a":{"$all":[[[1]]]}})", {R"({"a":[[1]]})", R"({"a":[[[1]],"x"]})"}, {R"({"a":[1]})"}},
        {R"({"a":{"$all":[]}})", {}, {R"({"a":[]})", R"({"a":[1]})", R"({})"}},
        {R"({"a":{"$all":[null]}})", {R"({})", R"({"a":null})", R"({"a":[null,1]})"}, {R"({"a":[1]})"}},
        {R"({"a":{"$all":[true,1]}})", {R"({"a":[1,true]})"}, {R"({"a":[1]})"}},
        {R"({"a.b":{"$all":[1,2]}})",
         {R"({"a":[{"b":1},{"b":2}]})", R"({"a":{"b":[2,1]}})"},
         {R"({"a":[{"b":1}]})"}},
        {R"({"a":{"$all":[{"$elemMatch":{"x":1,"y":1}},{"$elemMatch":{"x":2}}]}})",
         {R"({"a":[{"x":2},{"x":1,"y":1}]})"},
         {R"({"a":[{"x":1,"y":1}]})", R"({"a":[{"x":1},{"y":1},{"x":2}]})"}},
        {R"({"a":{"$not":{"$all":["x","y"]}}})", {R"({"a":["x"]})", R"({})"}, {R"({"a":["x","y"]})"}},
        {R"({"a":{"$elemMatch":{"$all":[1]}}})", {R"({"a":[1]})"}, {R"({"a":[[1]]})"}},
    });
}

TEST(FilterArray, AllWithThousandsOfValues) {
    std::string values;
    for (int i = 0; i < 10'000; ++i) values += (i ? "," : "") + std::to_string(i);
    const Filter filter = filter_of(R"({"a":{"$all":[)" + values + "]}}");
    EXPECT_TRUE(matches(filter, R"({"a":[-1,)" + values + "]}"));
    EXPECT_FALSE(matches(filter, R"({"a":[)" + values.substr(2) + "]}"));
}

TEST(FilterArray, ElemMatchOnObjects) {
    check({
        {R"({"a":{"$elemMatch":{"x":1,"y":{"$gt":1}}}})",
         {R"({"a":[{"x":1,"y":2}]})", R"({"a":[0,{"y":5,"x":[1]}]})"},
         {R"({"a":[{"x":1},{"y":2}]})", R"({"a":{"x":1,"y":2}})", R"({"a":[]})", R"({})"}},
        {R"({"a":{"$elemMatch":{}}})", {R"({"a":[{}]})", R"({"a":[[]]})"}, {R"({"a":[1]})", R"({"a":[]})"}},
        {R"({"a":{"$elemMatch":{"0":1}}})",
         {R"({"a":[[1,2]]})", R"({"a":[{"0":1}]})"},
         {R"({"a":[[2,1]]})", R"({"a":[1]})"}},
        {R"({"a":{"$elemMatch":{"$or":[{"x":1},{"y":1}]}}})", {R"({"a":[{"y":1}]})"}, {R"({"a":[{"z":1}]})"}},
        {R"({"a":{"$elemMatch":{"$nor":[{"x":1},{"y":2}]}}})",
         {R"({"a":[{"x":0}]})"},
         {R"({"a":[{"x":1}]})"}},
        {R"({"a":{"$elemMatch":{"x":null}}})", {R"({"a":[{}]})"}, {R"({"a":[{"x":1}]})", R"({"a":[1]})"}},
        {R"({"a.b":{"$elemMatch":{"c.d":1}}})",
         {R"({"a":{"b":[{"c":{"d":1}}]}})", R"({"a":[{"b":[{"c":[{"d":1}]}]}]})"},
         {R"({"a":{"b":{"c":{"d":1}}}})"}},
        {R"({"a":{"$elemMatch":{"b":{"$elemMatch":{"c":1}}}}})",
         {R"({"a":[{"b":[{"c":1}]}]})"},
         {R"({"a":[{"b":{"c":1}}]})"}},
    });
}

TEST(FilterArray, ElemMatchOnValues) {
    check({
        {R"({"a":{"$elemMatch":{"$gt":1,"$lt":5}}})",
         {R"({"a":[9,3]})"},
         {R"({"a":[0,9]})", R"({"a":3})", R"({"a":[[3]]})"}},
        {R"({"a":{"$elemMatch":{"$eq":[1,2]}}})", {R"({"a":[1,[1,2]]})"}, {R"({"a":[1,2]})"}},
        {R"({"a":{"$elemMatch":{"$ne":null}}})", {R"({"a":[null,1]})"}, {R"({"a":[null]})", R"({"a":[]})"}},
        {R"({"a":{"$elemMatch":{"$not":{"$gt":5}}}})", {R"({"a":[9,1]})"}, {R"({"a":[9]})"}},
        {R"({"a":{"$elemMatch":{"$elemMatch":{"$gt":1}}}})", {R"({"a":[[1,2]]})"}, {R"({"a":[2]})"}},
        {R"({"a":{"$elemMatch":{"$size":1}}})", {R"({"a":[[7]]})"}, {R"({"a":[7]})"}},
        {R"({"a":{"$elemMatch":{"$exists":true}}})", {R"({"a":[null]})"}, {R"({"a":[]})"}},
        {R"({"a":{"$elemMatch":{"$exists":false}}})", {}, {R"({"a":[null]})", R"({})"}},
        {R"({"a":{"$elemMatch":{"$in":["x"],"$regex":"x"}}})", {R"({"a":["x"]})"}, {R"({"a":["xx"]})"}},
        {R"({"a":{"$not":{"$elemMatch":{"$gt":5}}}})", {R"({"a":[1]})", R"({"a":9})"}, {R"({"a":[9]})"}},
    });
}

struct PositionCase {
    std::string_view filter;
    std::string_view record;
    std::optional<std::uint32_t> position;
};

TEST(FilterArray, TellsTheElementThatMatched) {
    const PositionCase cases[] = {
        {R"({"a":5})", R"({"a":[3,4,5]})", 2},
        {R"({"a":5})", R"({"a":5})", std::nullopt},
        {R"({"a":{"$gt":3}})", R"({"a":[3,4,5]})", 1},
        {R"({"a":[1]})", R"({"a":[1]})", std::nullopt},
        {R"({"a.b":5})", R"({"a":[{"b":1},{"b":[4,5]}]})", 1},
        {R"({"a.b":5})", R"({"a":{"b":[4,5]}})", 1},
        {R"({"a":{"$elemMatch":{"b":2}}})", R"({"a":[{"b":1},{"b":2}]})", 1},
        {R"({"a":{"$elemMatch":{"$gt":1}}})", R"({"a":[1,2]})", 1},
        {R"({"a.b":{"$elemMatch":{"$gt":1}}})", R"({"a":[{"b":[1,2]}]})", 0},
        {R"({"a":2,"b":5})", R"({"a":[1,2],"b":[5,6]})", 0},
        {R"({"$or":[{"a":9},{"b":6}]})", R"({"a":[1,2],"b":[5,6]})", 1},
        {R"({"$nor":[{"a":9}]})", R"({"a":[1]})", std::nullopt},
        {R"({"a":{"$ne":9}})", R"({"a":[1]})", std::nullopt},
        {R"({"a":{"$all":[2]}})", R"({"a":[1,2]})", 1},
        {R"({"a":1,"b":9})", R"({"a":[1],"b":1})", std::nullopt},
    };
    for (const PositionCase& one : cases) {
        const Filter filter = filter_of(one.filter);
        const std::string record = canonical(one.record);
        std::optional<std::uint32_t> position = 77;
        const bool found = filter.matches(json::View(record), &position);
        EXPECT_EQ(found, filter.matches(json::View(record))) << one.filter;
        EXPECT_EQ(position, one.position) << one.filter << ' ' << one.record;
    }
}

TEST(FilterArray, AmbiguousPathsTakeBoundedTime) {
    std::string text = R"({"a":)";
    std::string path = "a";
    for (int i = 0; i < 48; ++i) text += R"([{"0":)";
    text += "1";
    for (int i = 0; i < 48; ++i) text += "}]";
    text += "}";
    for (int i = 0; i < 72; ++i) path += ".0";
    EXPECT_TRUE(matches(filter_of(R"({")" + path + R"(":1})"), text));
    EXPECT_FALSE(matches(filter_of(R"({")" + path + R"(":2})"), text));
}

}  // namespace
}  // namespace credvault::query
