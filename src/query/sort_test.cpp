#include "query/sort.h"

#include <gtest/gtest.h>

#include "json/canonical.h"
#include "query/key.h"

namespace credvault::query {
namespace {

Result<Sort> from_json(std::string_view text) {
    const std::string canonical = *json::canonicalize(text);
    return parse_sort(json::View(canonical));
}

std::string position(std::string_view record, const Sort& sort) {
    const std::string text = *json::canonicalize(record);
    std::string bytes;
    append_position(bytes, json::View(text), sort);
    return bytes;
}

/// Each record comes before the next.
void expect_order(std::string_view sort_words, const std::vector<std::string>& records) {
    const Sort sort = *parse_sort(sort_words);
    for (std::size_t i = 1; i < records.size(); ++i) {
        EXPECT_LT(position(records[i - 1], sort), position(records[i], sort))
            << records[i - 1] << " " << records[i];
    }
}

TEST(Sort, ReadsObjectsAndTexts) {
    EXPECT_EQ(sort_text(*from_json(R"({"age":-1,"address.city":1.0})")), "-age,address.city");
    EXPECT_EQ(sort_text(*from_json(R"("-age,name")")), "-age,name");
    EXPECT_EQ(sort_text(*parse_sort(" -age , +name")), "-age,name");
    EXPECT_TRUE(parse_sort("")->empty());
    EXPECT_TRUE(from_json("{}")->empty());
}

TEST(Sort, HasATextThatMeansTheSame) {
    for (const std::string_view words : {"-age,name", "+-age", "--age", "-+age", "++age", "+ age , - name"}) {
        const Sort sort = *parse_sort(words);
        const Sort again = *parse_sort(sort_text(sort));
        ASSERT_EQ(again.size(), sort.size()) << words;
        for (std::size_t i = 0; i < sort.size(); ++i) {
            EXPECT_EQ(again[i].path.text, sort[i].path.text) << words;
            EXPECT_EQ(again[i].descending, sort[i].descending) << words;
        }
    }
    EXPECT_EQ(parse_sort("+ age")->at(0).path.text, "age");
    EXPECT_EQ(sort_text(*from_json(R"({"-age":1})")), "+-age");
}

TEST(Sort, RefusesWhatItCantMean) {
    for (const std::string_view text :
         {R"({"age":2})", R"({"age":"asc"})", R"({"age":true})", R"({"":1})", R"({"a..b":1})",
          R"({"$natural":1})", R"({"a.$b":1})", "5", "[]", R"("a,,b")", R"("a,-a")", R"("-")"}) {
        const auto sort = from_json(text);
        ASSERT_FALSE(sort.ok()) << text;
        EXPECT_EQ(sort.error().code, ErrorCode::INVALID_SORT) << text;
    }
    EXPECT_EQ(from_json(R"({"age":2})").error().field, "age");
    EXPECT_EQ(parse_sort("a,b.").error().field, "b.");
}

TEST(Sort, TakesSoManyKeys) {
    std::string text = "k0";
    for (std::size_t i = 1; i < max_sort_keys; ++i) text += ",k" + std::to_string(i);
    EXPECT_EQ(parse_sort(text)->size(), max_sort_keys);
    EXPECT_EQ(parse_sort(text + ",more").error().code, ErrorCode::INVALID_SORT);
}

TEST(Sort, OrdersAcrossTypes) {
    const std::vector<std::string> records = {R"({"id":"1","a":[]})",    R"({"id":"2"})",
                                              R"({"id":"3","a":null})",  R"({"id":"4","a":-1})",
                                              R"({"id":"5","a":1.5})",   R"({"id":"6","a":""})",
                                              R"({"id":"7","a":{}})",    R"({"id":"8","a":[[]]})",
                                              R"({"id":"9","a":false})", R"({"id":"91","a":true})"};
    expect_order("a", records);
}

TEST(Sort, BreaksTiesByIdInTheDirectionOfTheLastKey) {
    expect_order("", {R"({"id":"a","a":2})", R"({"id":"b","a":1})"});
    expect_order("a", {R"({"id":"a","a":1})", R"({"id":"b","a":1.0})"});
    expect_order("-a", {R"({"id":"b","a":1})", R"({"id":"a","a":1})"});
    expect_order("-a,b", {R"({"id":"a"})", R"({"id":"b"})"});
    expect_order("-id", {R"({"id":"b"})", R"({"id":"a"})"});
}

TEST(Sort, TakesAnArraysLeastOrGreatest) {
    expect_order("a", {R"({"id":"1","a":[9,1]})", R"({"id":"2","a":[2,3]})", R"({"id":"3","a":4})"});
    expect_order("-a", {R"({"id":"1","a":[9,1]})", R"({"id":"3","a":4})", R"({"id":"2","a":[2,3]})"});
    expect_order("a.b", {R"({"id":"1","a":[{"b":5},7]})", R"({"id":"2","a":[{"b":3},{"b":[2,4]}]})",
                         R"({"id":"3","a":{"b":3}})"});
    expect_order("a.1", {R"({"id":"1","a":[9,1]})", R"({"id":"2","a":[0,2]})"});
    expect_order("a,b", {R"({"id":"1","a":[1,2],"b":[5]})", R"({"id":"2","a":1,"b":[6,7]})"});
}

TEST(Sort, PositionsAreTuplesOfKeysAndTheId) {
    const Sort sort = *parse_sort("-a,b");
    std::string expected;
    append_key(expected, json::Value("x"), true);
    append_key(expected, json::Value(3), false);
    append_id_key(expected, "the-id", false);
    EXPECT_EQ(position(R"({"id":"the-id","a":["x","w"],"b":3})", sort), expected);
}

}  // namespace
}  // namespace credvault::query
