// $jsonSchema: MongoDB's dialect, on whole documents.
#include <gtest/gtest.h>

#include "query/filter_testing.h"

namespace credvault::query {
namespace {

std::string schema(std::string_view text) { return join({R"({"$jsonSchema":)", text, "}"}); }

TEST(FilterJsonSchema, LooksOnlyAtValuesOfItsKind) {
    check({{R"({"$jsonSchema":{"properties":{"x":{"minLength":0,"maxLength":0}}}})",
            {R"({"x":""})", R"({"x":7})", R"({})"},
            {R"({"x":"a"})"}},
           {R"({"$jsonSchema":{"properties":{"x":{"minItems":1}}}})",
            {R"({"x":"hello"})", R"({"x":[1]})"},
            {R"({"x":[]})"}},
           {R"({"$jsonSchema":{"properties":{"x":{"minimum":2,"exclusiveMinimum":true}}}})",
            {R"({"x":3})", R"({"x":"a"})"},
            {R"({"x":2})", R"({"x":1.5})"}},
           {R"({"$jsonSchema":{"properties":{"x":{"items":[{"bsonType":"int"}],"additionalItems":false}}}})",
            {R"({"x":[1]})", R"({"x":[]})"},
            {R"({"x":[1,2]})", R"({"x":["a"]})"}}});
}

TEST(FilterJsonSchema, KnowsBsonTypes) {
    check({{R"({"$jsonSchema":{"properties":{"x":{"bsonType":"int"}}}})",
            {R"({"x":1})", R"({})"},
            {R"({"x":1.0})", R"({"x":3000000000})"}},
           {R"({"$jsonSchema":{"properties":{"x":{"bsonType":["null","string"]}}}})",
            {R"({"x":null})", R"({"x":""})"},
            {R"({"x":false})"}},
           {R"({"$jsonSchema":{"properties":{"x":{"type":"boolean"}}}})", {R"({"x":true})"}, {R"({"x":0})"}},
           {R"({"$jsonSchema":{"bsonType":"number"}})", {}, {R"({"x":0})"}},
           {R"({"$jsonSchema":{"type":"object"}})", {R"({})"}, {}},
           {R"({"$jsonSchema":{"bsonType":"array"}})", {}, {R"({"x":[]})"}},
           {R"({"$jsonSchema":{"properties":{"x":{"bsonType":"objectId"}}}})", {R"({})"}, {R"({"x":"a"})"}}});
}

TEST(FilterJsonSchema, SeesTheWholeDocument) {
    check(
        {{R"({"$jsonSchema":{"required":["a","b"],"properties":{"a":{}},"additionalProperties":{"type":"number"}}})",
          {R"({"a":"x","b":1})"},
          {R"({"a":"x"})", R"({"a":1,"b":"x"})"}},
         {R"({"$jsonSchema":{"patternProperties":{"^n":{"type":"number"}},"maxProperties":1}})",
          {R"({"n1":1})", R"({"m":"x"})"},
          {R"({"n1":"x"})", R"({"n1":1,"n2":1})"}},
         {R"({"$jsonSchema":{"dependencies":{"a":["b"]}}})",
          {R"({"b":1})", R"({"a":1,"b":1})"},
          {R"({"a":1})"}}});
}

TEST(FilterJsonSchema, JoinsWithOtherPredicates) {
    check(
        {{R"({"n":1,"$jsonSchema":{"required":["a"]}})",
          {R"({"n":1,"a":1})"},
          {R"({"n":1})", R"({"a":1,"n":2})"}},
         {R"({"$or":[{"n":1},{"$jsonSchema":{"required":["a"]}}]})", {R"({"n":1})", R"({"a":1})"}, {R"({})"}},
         {R"({"$nor":[{"$jsonSchema":{"required":["a"]}}]})", {R"({})"}, {R"({"a":1})"}},
         {R"({"$and":[{"$jsonSchema":{"required":["a"]}},{"$jsonSchema":{"required":["b"]}}]})",
          {R"({"a":1,"b":1})"},
          {R"({"a":1})"}}});
}

TEST(FilterJsonSchema, ComparesAsFiltersDo) {
    check({{R"({"$jsonSchema":{"properties":{"x":{"enum":[1,{"a":1,"b":2}]}}}})",
            {R"({"x":1.0})", R"({"x":{"b":2,"a":1}})"},
            {R"({"x":2})", R"({"x":[1]})"}},
           {R"({"$jsonSchema":{"properties":{"x":{"uniqueItems":true}}}})",
            {R"({"x":[1,2]})"},
            {R"({"x":[1,1.0]})"}},
           {R"({"$jsonSchema":{"properties":{"x":{"multipleOf":0.1}}}})",
            {R"({"x":0.3})"},
            {R"({"x":0.25})"}}});
}

struct Refused {
    const char* schema;
    const char* field;
};

class WrongJsonSchemas : public ::testing::TestWithParam<Refused> {};

TEST_P(WrongJsonSchemas, NameTheirPlace) {
    const auto filter = try_filter(schema(GetParam().schema));
    ASSERT_FALSE(filter.ok()) << GetParam().schema;
    EXPECT_EQ(filter.error().code, ErrorCode::INVALID_FILTER);
    EXPECT_EQ(filter.error().field, std::string("$jsonSchema") + GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, WrongJsonSchemas,
    ::testing::Values(
        Refused{"7", ""}, Refused{"null", ""}, Refused{R"({"surprise":1})", ".surprise"},
        Refused{R"({"$ref":"#"})", ".$ref"}, Refused{R"({"format":"date"})", ".format"},
        Refused{R"({"default":1})", ".default"}, Refused{R"({"type":"integer"})", ".type"},
        Refused{R"({"type":"int"})", ".type"}, Refused{R"({"bsonType":"text"})", ".bsonType"},
        Refused{R"({"bsonType":16})", ".bsonType"}, Refused{R"({"type":"null","bsonType":"null"})", ""},
        Refused{R"({"exclusiveMinimum":5})", ".exclusiveMinimum"},
        Refused{R"({"exclusiveMinimum":true})", ""}, Refused{R"({"required":[]})", ".required"},
        Refused{R"({"enum":[1,1.0]})", ".enum"}, Refused{R"({"items":true})", ".items"},
        Refused{R"({"allOf":[true]})", ".allOf.0"}, Refused{R"({"multipleOf":0})", ".multipleOf"},
        Refused{R"({"maxProperties":-1})", ".maxProperties"},
        Refused{R"({"dependencies":{"a":[]}})", ".dependencies"}, Refused{R"({"title":7})", ".title"}));

TEST(FilterJsonSchema, IsOnlyForWholeRecords) {
    for (const char* text :
         {R"({"a":{"$elemMatch":{"$jsonSchema":{}}}})", R"({"a":{"$elemMatch":{"b":1,"$jsonSchema":{}}}})",
          R"({"a":{"$jsonSchema":{}}})"}) {
        EXPECT_FALSE(try_filter(text).ok()) << text;
    }
}

}  // namespace
}  // namespace credvault::query
