#include "query/list_filter.h"

#include <gtest/gtest.h>

#include "json/canonical.h"
#include "json/value.h"

namespace credvault::query {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

void expect_filter(const Parameters& parameters, std::string_view expected) {
    const auto filter = list_filter(parameters);
    ASSERT_TRUE(filter.ok()) << filter.error().message;
    EXPECT_EQ(*filter, expected);
    EXPECT_EQ(*json::canonicalize(*filter), *filter);
    EXPECT_TRUE(parse_filter(json::View(*filter)).ok()) << *filter;
}

void expect_refused(const Parameters& parameters, std::string_view field, std::string_view words) {
    const auto filter = list_filter(parameters);
    ASSERT_FALSE(filter.ok()) << *filter;
    EXPECT_EQ(filter.error().code, ErrorCode::INVALID_PARAMETER);
    EXPECT_EQ(filter.error().field, field);
    EXPECT_NE(filter.error().message.find(words), std::string::npos) << filter.error().message;
}

bool matches(const Parameters& parameters, std::string_view record) {
    const std::string text = *json::canonicalize(record);
    const std::string filter = *list_filter(parameters);
    return parse_filter(json::View(filter))->matches(json::View(text));
}

TEST(ListFilter, TakesScalarsAsWhatTheyAre) {
    expect_filter({}, "{}");
    expect_filter({{"status", "active"}}, R"({"status":"active"})");
    expect_filter({{"age", "18"}}, R"({"age":18})");
    expect_filter({{"age", "1.50"}}, R"({"age":1.5})");
    expect_filter({{"done", "true"}}, R"({"done":true})");
    expect_filter({{"gone", "null"}}, R"({"gone":null})");
    expect_filter({{"code", "\"18\""}}, R"({"code":"18"})");
    expect_filter({{"code", ""}}, R"({"code":""})");
}

TEST(ListFilter, TakesTheRestAsText) {
    for (const char* text :
         {"01", "+5", " 5", "5 ", "{}", "[1]", "\"open", "nul", "1e999", "a,b", "18 years"}) {
        expect_filter({{"a", text}}, "{\"a\":" + json::Value(text).text() + "}");
    }
}

TEST(ListFilter, KnowsTheOperators) {
    for (const char* op : {"ne", "gt", "gte", "lt", "lte"}) {
        expect_filter({{"age[" + std::string(op) + "]", "18"}},
                      "{\"age\":{\"$" + std::string(op) + "\":18}}");
    }
    expect_filter({{"age[eq]", "18"}}, R"({"age":18})");
    expect_filter({{"limit[eq]", "3"}}, R"({"limit":3})");
    expect_filter({{"a.b.0[gt]", "x"}}, R"({"a.b.0":{"$gt":"x"}})");
    expect_filter({{"name[exists]", "true"}}, R"({"name":{"$exists":true}})");
    expect_filter({{"name[exists]", "false"}}, R"({"name":{"$exists":false}})");
    expect_filter({{"email[regex]", "^a.*\\.org$"}}, R"({"email":{"$regex":"^a.*\\.org$"}})");
    expect_filter({{"a[b][gt]", "1"}}, R"({"a[b]":{"$gt":1}})");
}

TEST(ListFilter, ReadsLists) {
    expect_filter({{"tags[in]", "a,b"}}, R"({"tags":{"$in":["a","b"]}})");
    expect_filter({{"tags[nin]", "1,true,\"1\",x"}}, R"({"tags":{"$nin":[1,true,"1","x"]}})");
    expect_filter({{"tags[in]", R"("a,b",c)"}}, R"({"tags":{"$in":["a,b","c"]}})");
    expect_filter({{"tags[in]", R"("a\",b",c)"}}, R"({"tags":{"$in":["a\",b","c"]}})");
    expect_filter({{"tags[in]", R"("a,b)"}}, R"({"tags":{"$in":["\"a","b"]}})");
    expect_filter({{"tags[in]", R"("a"b,c)"}}, R"({"tags":{"$in":["\"a\"b","c"]}})");
    expect_filter({{"tags[in]", ""}}, R"({"tags":{"$in":[""]}})");
    expect_filter({{"tags[in]", "a,,b,"}}, R"({"tags":{"$in":["a","","b",""]}})");
}

TEST(ListFilter, ContainsIsTextAsItStands) {
    EXPECT_TRUE(matches({{"name[contains]", "a.b"}}, R"({"name":"xa.by"})"));
    EXPECT_FALSE(matches({{"name[contains]", "a.b"}}, R"({"name":"xaxby"})"));
    EXPECT_FALSE(matches({{"name[contains]", "ada"}}, R"({"name":"Ada"})"));
    EXPECT_TRUE(matches({{"tags[contains]", "ell"}}, R"({"tags":["x","hello"]})"));
    for (const char* special : {"\\", "^", "$", ".", "|", "?", "*", "+", "(", ")", "[", "]", "{", "}", "\\d",
                                "#", " ", "é", "\n"}) {
        const std::string text = "x" + std::string(special) + "y";
        EXPECT_TRUE(matches({{"a[contains]", special}}, "{\"a\":" + json::Value(text).text() + "}"))
            << special;
        EXPECT_FALSE(matches({{"a[contains]", special}}, R"({"a":"q"})")) << special;
    }
}

TEST(ListFilter, NormalisesTimes) {
    expect_filter({{"created_at[gte]", "2026-01-01"}},
                  R"({"created_at":{"$gte":"2026-01-01T00:00:00.000Z"}})");
    expect_filter({{"updated_at[lt]", "\"2026-01-01T02:00:00+02:00\""}},
                  R"({"updated_at":{"$lt":"2026-01-01T00:00:00.000Z"}})");
    expect_filter({{"created_at[in]", "2026-01-01,2026-01-02"}},
                  R"({"created_at":{"$in":["2026-01-01T00:00:00.000Z","2026-01-02T00:00:00.000Z"]}})");
    expect_filter({{"created_at[regex]", "^2026"}}, R"({"created_at":{"$regex":"^2026"}})");
    expect_filter({{"created_at[exists]", "true"}}, R"({"created_at":{"$exists":true}})");
    expect_filter({{"a.created_at", "soon"}}, R"({"a.created_at":"soon"})");
    for (const char* wrong : {"soon", "2026", "null", "", "2026-13-01"}) {
        expect_refused({{"created_at[gt]", wrong}}, "created_at[gt]", "2026-01-31T12:00:00Z");
    }
}

TEST(ListFilter, JoinsAllParameters) {
    expect_filter({{"age[gt]", "1"}, {"age[lt]", "9"}}, R"({"$and":[{"age":{"$gt":1}},{"age":{"$lt":9}}]})");
    expect_filter({{"tags", "a"}, {"tags", "b"}}, R"({"$and":[{"tags":"a"},{"tags":"b"}]})");
    EXPECT_TRUE(matches({{"tags", "a"}, {"tags", "b"}}, R"({"tags":["a","b"]})"));
    EXPECT_FALSE(matches({{"tags", "a"}, {"tags", "b"}}, R"({"tags":["a"]})"));
}

TEST(ListFilter, NamesWhatIsWrong) {
    expect_refused({{"age[like]", "1"}}, "age[like]", "contains");
    expect_refused({{"age[]", "1"}}, "age[]", "Unknown operator");
    expect_refused({{"[gt]", "1"}}, "[gt]", "name a field");
    expect_refused({{"", "1"}}, "", "name a field");
    expect_refused({{"$or", "1"}}, "$or", "'filter'");
    expect_refused({{"$where[eq]", "1"}}, "$where[eq]", "'filter'");
    expect_refused({{"name[exists]", "yes"}}, "name[exists]", "true or false");
    expect_refused({{"name", "\xff"}}, "name", "UTF-8");
    expect_refused({{"name[contains]", std::string("a\0b", 3)}}, "name[contains]", "UTF-8");
    expect_refused({{"\xff", "1"}}, "", "UTF-8");
}

}  // namespace
}  // namespace credvault::query
