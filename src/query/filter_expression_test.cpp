#include "query/filter_expression.h"

#include "query/filter_testing.h"
#include "query/planner.h"

namespace credvault::query {
namespace {

TEST(FilterExpressions, CompareFieldsOfOneRecord) {
    check(std::vector<FilterCase>{
        {R"({"$expr":{"$gt":["$a","$b"]}})", {R"({"a":2,"b":1})", R"({"a":1})"}, {R"({"a":1,"b":1})", "{}"}},
        {R"({"c":1,"$expr":{"$eq":["$a","$b"]}})", {R"({"a":1,"b":1.0,"c":1})"}, {R"({"a":1,"b":1,"c":2})"}},
        {R"({"$or":[{"c":1},{"$expr":"$a"}]})", {R"({"c":1})", R"({"a":true})"}, {R"({"a":0,"c":2})"}},
        {R"({"$nor":[{"$expr":"$a"}]})", {R"({"a":0})"}, {R"({"a":1})"}},
        {R"({"$and":[{"$expr":"$a"},{"$expr":{"$not":"$b"}}]})", {R"({"a":1})"}, {R"({"a":1,"b":1})"}},
        {R"({"$expr":true})", {"{}"}, {}},
        // The whole value, unlike {"a": 1}.
        {R"({"$expr":{"$eq":["$a",1]}})", {R"({"a":1})"}, {R"({"a":[1]})", R"({"a":2})"}},
        {R"({"$expr":{"$eq":["$a.b",[1,2]]}})",
         {R"({"a":[{"b":1},{"b":2}]})", R"({"a":{"b":[1,2]}})"},
         {R"({"a":[]})"}},
        {R"({"$expr":{"$eq":["$a",null]}})", {R"({"a":null})"}, {"{}"}},
        {R"({"$sampleRate":1})", {"{}", R"({"a":1})"}, {}},
        {R"({"$sampleRate":0})", {}, {"{}", R"({"a":1})"}},
    });
}

TEST(FilterExpressions, ErrorsNameThePlace) {
    struct Case {
        std::string_view filter;
        std::string_view field;
        ErrorCode code;
    };
    for (const Case& one : std::vector<Case>{
             {R"({"$or":[{"$expr":{"$add":[1,{"$foo":1}]}}]})", "$or.0.$expr.$add.1.$foo",
              ErrorCode::UNSUPPORTED_OPERATOR},
             {R"({"$expr":"$$x"})", "$expr", ErrorCode::INVALID_EXPRESSION},
             {R"({"a":{"$elemMatch":{"$expr":true}}})", "a.$elemMatch.$expr", ErrorCode::INVALID_FILTER},
             {R"({"a":{"$expr":true}})", "a.$expr", ErrorCode::UNSUPPORTED_OPERATOR},
             {R"({"$sampleRate":1.5})", "$sampleRate", ErrorCode::INVALID_FILTER},
         }) {
        const Result<Filter> filter = try_filter(one.filter);
        ASSERT_FALSE(filter.ok()) << one.filter;
        EXPECT_EQ(filter.error().field, one.field) << filter.error().message;
        EXPECT_EQ(error_name(filter.error().code), error_name(one.code)) << one.filter;
    }
}

TEST(FilterExpressions, FailuresOnARecordAreErrors) {
    const Filter filter = filter_of(R"({"$or":[{"b":1},{"$expr":{"$gt":[{"$divide":[1,"$a"]},0]}}]})");
    EXPECT_TRUE(filter.has_expressions());
    const std::string good = R"({"a":2})";
    EXPECT_TRUE(*filter.test(json::View(good)));
    const std::string bad = R"({"a":0})";
    const Result<bool> failed = filter.test(json::View(bad));
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, ErrorCode::INVALID_EXPRESSION);
    EXPECT_EQ(failed.error().field, "$divide");
    EXPECT_FALSE(filter.matches(json::View(bad)));
    // What decides before needs no expression.
    const std::string decided = R"({"a":0,"b":1})";
    EXPECT_TRUE(*filter.test(json::View(decided)));
    EXPECT_FALSE(*filter_of(R"({"b":2,"$expr":{"$divide":[1,"$a"]}})").test(json::View(decided)));
    EXPECT_FALSE(filter_of(R"({"b":2})").has_expressions());
}

TEST(FilterExpressions, VariablesAreBound) {
    Scope scope;
    const std::size_t slot = scope.declare("wanted");
    const Result<Filter> filter =
        parse_filter(json::View(R"({"$or":[{"$expr":{"$eq":["$a","$$wanted"]}},{"b":1}]})"), {}, scope);
    ASSERT_TRUE(filter.ok()) << filter.error().message;
    std::vector<Item> values(slot + 1);
    for (const int wanted : {1, 2}) {
        values[slot] = wanted;
        const Filter bound = filter->bind(values, 0);
        EXPECT_EQ(matches(bound, R"({"a":1})"), wanted == 1);
        EXPECT_EQ(matches(bound, R"({"a":2})"), wanted == 2);
    }
    const Filter now = filter_of(R"({"$expr":{"$lt":["$t","$$NOW"]}})");
    EXPECT_FALSE(matches(now.bind({}, 0), R"({"t":"2000-01-01T00:00:00.000Z"})"));
    EXPECT_TRUE(matches(now, R"({"t":"2000-01-01T00:00:00.000Z"})"));
}

std::string plan_of(const Filter& filter) {
    const Sort none;
    IndexShape by_a;
    by_a.name = "by_a";
    by_a.keys = IndexFields{*parse_sort("a"), false};
    const std::vector<IndexShape> indexes{by_a};
    const QueryShape query{filter, none, true, false};
    const Plan plan = make_plan(query, indexes);
    EXPECT_FALSE(plan.exact && filter.has_expressions());
    return describe(plan, query, indexes);
}

TEST(FilterExpressions, EqualitiesUseIndexes) {
    for (const std::string_view text : {
             R"({"$expr":{"$eq":["$a",5]}})",
             R"({"$expr":{"$eq":[5,"$a"]}})",
             R"({"$expr":{"$and":[{"$gt":["$b","$c"]},{"$eq":["$a",{"$add":[2,3]}]}]}})",
             R"({"$expr":{"$in":["$a",[5]]}})",
             R"({"$and":[{"$expr":{"$eq":["$a",{"x":5}]}},{"b":1}]})",
         }) {
        EXPECT_NE(plan_of(filter_of(text)).find("by_a"), std::string::npos)
            << text << plan_of(filter_of(text));
    }
    for (const std::string_view text : {
             R"({"$expr":{"$gt":["$a",5]}})",
             R"({"$expr":{"$eq":["$a",[5]]}})",
             R"({"$expr":{"$or":[{"$eq":["$a",5]},"$b"]}})",
             R"({"$nor":[{"$expr":{"$eq":["$a",5]}}]})",
             R"({"$expr":{"$eq":["$a","$b"]}})",
         }) {
        EXPECT_EQ(plan_of(filter_of(text)).find("by_a"), std::string::npos) << text;
    }
    Scope scope;
    scope.declare("x");
    const Filter unbound = *parse_filter(json::View(R"({"$expr":{"$eq":["$a","$$x.y"]}})"), {}, scope);
    EXPECT_EQ(plan_of(unbound).find("by_a"), std::string::npos);
    const std::string value = R"({"y":7})";
    const std::vector<Item> values{Item(json::View(value))};
    EXPECT_NE(plan_of(unbound.bind(values, 0)).find("a = 7"), std::string::npos);
}

}  // namespace
}  // namespace credvault::query
