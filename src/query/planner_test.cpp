// Which plan is chosen, by examples. That plans are right is planner_property_test.cpp's.
#include "query/planner.h"

#include <gtest/gtest.h>

#include "query/key_bytes.h"

namespace credvault::query {
namespace {

IndexShape index_on(std::string_view fields) {
    IndexShape shape;
    shape.name = "by(" + std::string(fields) + ")";
    shape.keys.fields = *parse_sort(fields);
    return shape;
}

struct Query {
    Query(std::string_view filter_text, std::string_view sort_words = "")
        : filter(*parse_filter(json::View(filter_text))), sort(*parse_sort(sort_words)) {}
    QueryShape shape() const { return {filter, sort, any_order, has_limit}; }

    Filter filter;
    Sort sort;
    bool any_order = false;
    bool has_limit = false;
};

std::string words(const Query& query, const std::vector<IndexShape>& indexes) {
    return describe(make_plan(query.shape(), indexes), query.shape(), indexes);
}

TEST(Planner, GoesByIdWhereTheFilterNamesIds) {
    const std::vector<IndexShape> indexes = {index_on("a")};
    EXPECT_EQ(words({R"({"id":"x","a":1})"}, indexes), "one id");
    EXPECT_EQ(words({R"({"id":{"$in":["b","a","b"]}})"}, indexes), "2 ids, in order");
    EXPECT_EQ(words({R"({"id":{"$gt":"m"}})"}, indexes), "range of ids, in order");
    EXPECT_EQ(words({R"({"id":{"$regex":"^2026"}})", "b"}, {}), "range of ids, sorted in memory");
    EXPECT_EQ(words({R"({"id":5})"}, {}), "nothing can match");
    EXPECT_EQ(words({R"({"id":{"$gt":"b","$lt":"a"}})"}, {}), "nothing can match");
    EXPECT_EQ(words({"{}"}, {}), "whole collection by id, in order");
    EXPECT_EQ(words({"{}", "-id"}, {}), "whole collection by id, in order");
    EXPECT_EQ(words({R"({"b":1})"}, indexes), "whole collection by id, in order");
}

TEST(Planner, GivesIdsInTheDirectionOfTheSort) {
    const Query query(R"({"id":{"$in":["b","a","c"]}})", "-id");
    EXPECT_EQ(make_plan(query.shape(), {}).ids, (std::vector<std::string>{"c", "b", "a"}));
    EXPECT_TRUE(make_plan(query.shape(), {}).exact);
}

TEST(Planner, ScansWhereNothingHelps) {
    EXPECT_EQ(words({R"({"b":1})", "c"}, {index_on("a")}), "collection scan, sorted in memory");
    Query counted(R"({"b":1})");
    counted.any_order = true;
    EXPECT_EQ(words(counted, {index_on("a")}), "collection scan");
}

TEST(Planner, PrefersWhatNarrowsMore) {
    std::vector<IndexShape> indexes = {index_on("a"), index_on("b"), index_on("a,b"), index_on("c")};
    EXPECT_EQ(make_plan(Query(R"({"a":1,"b":2})").shape(), indexes).index, 2U);
    EXPECT_EQ(make_plan(Query(R"({"a":1,"c":{"$gt":5}})").shape(), indexes).index, 0U);
    EXPECT_EQ(make_plan(Query(R"({"a":1,"b":{"$gt":5}})").shape(), indexes).index, 2U);
    EXPECT_EQ(make_plan(Query(R"({"a":{"$gt":1},"b":{"$gt":1,"$lt":5}})").shape(), indexes).index, 1U);
    EXPECT_EQ(make_plan(Query(R"({"a":{"$in":[1,2]},"b":5})").shape(), {index_on("a"), index_on("b")}).index,
              1U);
    indexes[3].unique = true;
    EXPECT_EQ(make_plan(Query(R"({"a":1,"b":2,"c":3})").shape(), indexes).index, 3U);
    indexes[3].usable = false;
    EXPECT_EQ(make_plan(Query(R"({"a":1,"b":2,"c":3})").shape(), indexes).index, 2U);
}

TEST(Planner, SaysWhatItDoes) {
    const std::vector<IndexShape> indexes = {index_on("status,-created_at")};
    EXPECT_EQ(words({R"({"status":"a"})", "-created_at"}, indexes),
              R"(index by(status,-created_at): status = "a", in order)");
    EXPECT_EQ(words({R"({"status":"a"})", "created_at"}, indexes),
              R"(index by(status,-created_at): status = "a", in order)");
    EXPECT_EQ(
        words({R"({"status":"a","created_at":{"$gte":"2026","$lt":"2027"}})"}, indexes),
        R"(index by(status,-created_at): status = "a", created_at >= "2026", created_at < "2027", sorted in memory)");
    EXPECT_EQ(words({"{}", "status,-created_at"}, indexes),
              "index by(status,-created_at): all entries, in order");
    EXPECT_EQ(words({R"({"$or":[{"status":"a"},{"status":"b"}]})", "status,-created_at"}, indexes),
              "index by(status,-created_at): status in (2 values), in order");
}

TEST(Planner, OrdersOnlyWhatTheIndexOrders) {
    const std::vector<IndexShape> one = {index_on("status")};
    const std::vector<IndexShape> two = {index_on("status,-age")};
    const auto ordered = [](const Query& query, const std::vector<IndexShape>& indexes) {
        const Plan plan = make_plan(query.shape(), indexes);
        return plan.access == Access::Index && plan.ordered;
    };
    EXPECT_TRUE(ordered({R"({"status":"a"})"}, one));
    EXPECT_FALSE(ordered({R"({"status":"a"})"}, two));  // The ids of one age, then those of the next.
    EXPECT_TRUE(ordered({R"({"status":"a"})", "status"}, one));
    EXPECT_TRUE(ordered({R"({"status":"a"})", "status,-age"}, two));
    EXPECT_FALSE(ordered({R"({"status":{"$in":["a","b"]}})", "-age"}, two));
    EXPECT_TRUE(ordered({R"({"status":{"$in":["a","b"]}})", "-status,age"}, two));
    EXPECT_FALSE(ordered({R"({"status":{"$in":["a","b"]}})", "status,age"}, two));
    EXPECT_TRUE(ordered({R"({"status":"a","age":{"$gt":5}})", "age"}, two));
    EXPECT_FALSE(ordered({R"({"status":"a","age":{"$gt":5}})", "age,id"}, {index_on("status,age,name")}));
}

TEST(Planner, TellsArraysFromTheRest) {
    std::vector<IndexShape> indexes = {index_on("tags,-created_at")};
    indexes[0].multikey = true;
    const Query query(R"({"tags":"x"})", "-created_at");
    EXPECT_FALSE(make_plan(query.shape(), indexes).ordered);
    indexes[0].multikey_fields = 0b01;
    const Plan plan = make_plan(query.shape(), indexes);
    EXPECT_TRUE(plan.ordered && plan.distinct_rows && plan.exact);
    EXPECT_FALSE(make_plan(Query(R"({"tags":{"$gt":"a","$lt":"b"}})").shape(), indexes).exact);
    EXPECT_FALSE(make_plan(Query(R"({"tags":{"$in":["a","b"]}})").shape(), indexes).distinct_rows);
    EXPECT_EQ(make_plan(Query(R"({"tags":["x"]})").shape(), indexes).access, Access::IdRange);
}

TEST(Planner, UsesSparseIndexesOnlyForWhatIsThere) {
    std::vector<IndexShape> indexes = {index_on("a")};
    indexes[0].keys.sparse = true;
    EXPECT_EQ(make_plan(Query(R"({"a":1})").shape(), indexes).access, Access::Index);
    EXPECT_EQ(make_plan(Query(R"({"a":null})").shape(), indexes).access, Access::IdRange);
    EXPECT_EQ(make_plan(Query("{}", "a").shape(), indexes).access, Access::Scan);
    const Plan plan = make_plan(Query(R"({"a":{"$exists":true}})", "a").shape(), indexes);
    EXPECT_TRUE(plan.access == Access::Index && plan.exact && plan.ordered);
}

TEST(Planner, CountsWithoutRecordsWhereTheIndexSaysItAll) {
    const std::vector<IndexShape> indexes = {index_on("a,b")};
    const auto exact = [&](std::string_view filter) {
        return make_plan(Query(filter).shape(), indexes).exact;
    };
    EXPECT_TRUE(exact(R"({"a":1})"));
    EXPECT_TRUE(exact(R"({"a":null})"));
    EXPECT_TRUE(exact(R"({"a":1,"b":{"$gt":5,"$lte":7}})"));
    EXPECT_TRUE(exact(R"({"a":1,"b":2,"id":{"$gt":"m"}})"));
    EXPECT_TRUE(exact(R"({"a":{"$regex":"^x"}})"));
    EXPECT_FALSE(exact(R"({"a":{"$regex":"^x.*y"}})"));
    EXPECT_FALSE(exact(R"({"a":1,"c":2})"));
    EXPECT_FALSE(exact(R"({"a":{"$gt":1},"b":2})"));
    EXPECT_FALSE(exact(R"({"a":{"$ne":1}})"));
}

TEST(Planner, BoundsTheNumberOfRanges) {
    std::string values = "[0";
    for (int i = 1; i < 200; ++i) values += "," + std::to_string(i);
    const std::string filter = R"({"a":{"$in":)" + values + R"(]},"b":{"$in":)" + values + "]}}";
    const Query query(filter);
    const Plan plan = make_plan(query.shape(), {index_on("a,b")});
    EXPECT_EQ(plan.ranges.size(), 200U);
    EXPECT_FALSE(plan.exact);
}

TEST(Planner, GoesOnNowhereAfterWhatIsNoPosition) {
    const std::vector<IndexShape> indexes = {index_on("a")};
    for (const std::string_view filter : {"{}", R"({"id":{"$in":["x","y"]}})", R"({"a":1})"}) {
        const Query query(filter);
        Plan plan = make_plan(query.shape(), indexes);
        ASSERT_TRUE(plan.ordered);
        continue_after(plan, "\x01\x02", query.shape(), indexes);
        EXPECT_TRUE(plan.ranges.empty() && plan.ids.empty());
    }
}

TEST(Planner, AdvisesEqualityThenSortThenRange) {
    const auto advice = [](std::string_view filter, std::string_view sort) {
        return advised_index(Query(filter, sort).shape());
    };
    EXPECT_EQ(advice(R"({"age":{"$gt":5},"status":"a"})", "-created_at"), "status,-created_at,age");
    EXPECT_EQ(advice(R"({"status":{"$in":["a","b"]}})", "-status"), "status");
    EXPECT_EQ(advice(R"({"age":{"$gt":5}})", "-age"), "-age");
    EXPECT_EQ(advice("{}", "name,id,age"), "name");
    EXPECT_EQ(advice(R"({"i":{"$elemMatch":{"x":1}}})", ""), "i.x");
    EXPECT_EQ(advice("{}", ""), "");
    EXPECT_EQ(advice(R"({"id":"x"})", "name"), "");
    EXPECT_EQ(advice(R"({"a":{"$ne":1}})", ""), "");
}

}  // namespace
}  // namespace credvault::query
