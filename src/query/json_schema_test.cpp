// JSON Schema as the standard has it, for the validation of collections.
#include "query/json_schema.h"

#include <gtest/gtest.h>

#include "json/canonical.h"

namespace credvault::query {
namespace {

std::string canonical(std::string_view text) {
    const auto made = json::canonicalize(text);
    EXPECT_TRUE(made.ok()) << text;
    return made.ok() ? *made : "{}";
}

Result<JsonSchema> parse(std::string_view text) {
    const std::string schema = canonical(text);
    return JsonSchema::parse(json::View(schema), SchemaDialect::Standard, "schema");
}

/// "/age minimum, /name required": pointers and keywords of what is wrong.
std::string wrong(std::string_view schema, std::string_view value, std::size_t most = 100) {
    const auto parsed = parse(schema);
    EXPECT_TRUE(parsed.ok()) << schema << ": " << (parsed.ok() ? "" : parsed.error().message);
    if (!parsed.ok()) return "?";
    const std::string text = canonical(value);
    std::string found;
    for (const SchemaViolation& one : parsed->violations(json::View(text), most))
        found += (found.empty() ? "" : ", ") + one.pointer + " " + one.keyword;
    EXPECT_EQ(parsed->matches(json::View(text)), found.empty()) << schema << " on " << value;
    return found;
}

struct Case {
    const char* schema;
    const char* value;
    const char* wrong;
};

class Schemas : public ::testing::TestWithParam<Case> {};

TEST_P(Schemas, SayWhatIsWrongAndWhere) {
    EXPECT_EQ(wrong(GetParam().schema, GetParam().value), GetParam().wrong);
}

INSTANTIATE_TEST_SUITE_P(
    Types, Schemas,
    ::testing::Values(Case{R"({})", "7", ""}, Case{R"({"type":"integer"})", "7", ""},
                      Case{R"({"type":"integer"})", "7.0", ""}, Case{R"({"type":"integer"})", "7.5", " type"},
                      Case{R"({"type":"integer"})", R"("7")", " type"}, Case{R"({"type":"number"})", "7", ""},
                      Case{R"({"type":["null","string"]})", "null", ""},
                      Case{R"({"type":["null","string"]})", "false", " type"},
                      Case{R"({"enum":[1,"a",{"x":1,"y":2}]})", R"({"y":2,"x":1.0})", ""},
                      Case{R"({"enum":[1,"a"]})", R"("b")", " enum"}, Case{R"({"const":[1]})", "[1]", ""},
                      Case{R"({"const":[1],"enum":[[1],[2]]})", "[2]", " enum"}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, Schemas,
    ::testing::Values(Case{R"({"minimum":5})", "5", ""}, Case{R"({"minimum":5})", "4.9", " minimum"},
                      Case{R"({"minimum":5,"exclusiveMinimum":true})", "5", " minimum"},
                      Case{R"({"exclusiveMinimum":5,"minimum":4})", "5", " exclusiveMinimum"},
                      Case{R"({"maximum":9223372036854775807})", "9223372036854775807", ""},
                      Case{R"({"maximum":9223372036854775806})", "9223372036854775807", " maximum"},
                      Case{R"({"exclusiveMaximum":3})", "3", " exclusiveMaximum"},
                      Case{R"({"multipleOf":0.1})", "0.3", ""},
                      Case{R"({"multipleOf":0.1})", "0.35", " multipleOf"},
                      Case{R"({"multipleOf":0.01})", "19.99", ""}, Case{R"({"multipleOf":3})", "-9", ""},
                      Case{R"({"multipleOf":1e300})", "1", " multipleOf"},
                      Case{R"({"multipleOf":2.5})", "1e308", ""}, Case{R"({"multipleOf":7})", "0", ""},
                      Case{R"({"minimum":5})", R"("a")", ""}));

INSTANTIATE_TEST_SUITE_P(
    Strings, Schemas,
    ::testing::Values(Case{R"({"minLength":2})", R"("é")", " minLength"},
                      Case{R"({"maxLength":1})", R"("é")", ""}, Case{R"({"pattern":"^a+$"})", R"("aaa")", ""},
                      Case{R"({"pattern":"^a+$"})", R"("ab")", " pattern"},
                      Case{R"({"format":"date-time"})", R"("2026-01-31T12:00:00Z")", ""},
                      Case{R"({"format":"date-time"})", R"("2026-01-31")", " format"},
                      Case{R"({"format":"date"})", R"("2026-02-30")", " format"},
                      Case{R"({"format":"email"})", R"("ada@example.org")", ""},
                      Case{R"({"format":"email"})", R"("ada")", " format"},
                      Case{R"({"format":"uuid"})", R"("123e4567-e89b-12d3-a456-426614174000")", ""},
                      Case{R"({"format":"ipv4"})", R"("127.0.0.256")", " format"},
                      Case{R"({"format":"ipv6"})", R"("::1")", ""},
                      Case{R"({"format":"uri"})", R"("https://example.org/a b")", " format"},
                      Case{R"({"format":"made-up"})", R"("x")", ""}));

INSTANTIATE_TEST_SUITE_P(
    Arrays, Schemas,
    ::testing::Values(Case{R"({"items":{"type":"string"}})", R"(["a",1,"b",2])", "/1 type, /3 type"},
                      Case{R"({"prefixItems":[{"type":"string"}],"items":false})", R"(["a",1])", "/1 false"},
                      Case{R"({"items":[{"type":"string"}],"additionalItems":{"type":"null"}})", R"(["a",1])",
                           "/1 type"},
                      Case{R"({"additionalItems":false})", "[1,2]", ""},
                      Case{R"({"minItems":1,"maxItems":2})", "[]", " minItems"},
                      Case{R"({"minItems":1,"maxItems":2})", "[1,2,3]", " maxItems"},
                      Case{R"({"uniqueItems":true})", R"([{"a":1,"b":2},{"b":2,"a":1.0}])", " uniqueItems"},
                      Case{R"({"uniqueItems":true})", "[1,true,\"1\",null]", ""},
                      Case{R"({"contains":{"type":"string"}})", "[1,2]", " contains"},
                      Case{R"({"contains":{"type":"string"},"minContains":0})", "[]", ""},
                      Case{R"({"contains":{"minimum":2},"maxContains":1})", "[1,2,3]", " maxContains"}));

INSTANTIATE_TEST_SUITE_P(
    Objects, Schemas,
    ::testing::Values(
        Case{R"({"required":["a","b"]})", R"({"a":null})", " required"},
        Case{R"({"properties":{"a":{"type":"string"}}})", R"({"b":1})", ""},
        Case{R"({"properties":{"a":{"properties":{"b":{"minimum":1}}}}})", R"({"a":{"b":0}})",
             "/a/b minimum"},
        Case{R"({"properties":{"a/b~c":{"type":"null"}}})", R"({"a/b~c":1})", "/a~1b~0c type"},
        Case{R"({"properties":{"a":{}},"additionalProperties":false})", R"({"a":1,"b":2})", "/b false"},
        Case{R"({"patternProperties":{"^x_":{"type":"integer"}},"additionalProperties":{"type":"null"}})",
             R"({"x_1":"a","y":1})", "/x_1 type, /y type"},
        Case{R"({"minProperties":1,"maxProperties":1})", R"({"a":1,"b":1})", " maxProperties"},
        Case{R"({"minProperties":1})", R"({})", " minProperties"},
        Case{R"({"propertyNames":{"maxLength":1}})", R"({"ab":1})", " propertyNames"},
        Case{R"({"dependentRequired":{"a":["b"]}})", R"({"a":1})", " dependentRequired"},
        Case{R"({"dependencies":{"a":["b"],"c":{"required":["d"]}}})", R"({"a":1,"b":1,"c":1})", " required"},
        Case{R"({"dependentSchemas":{"c":{"required":["d"]}}})", R"({})", ""}));

INSTANTIATE_TEST_SUITE_P(
    Combinations, Schemas,
    ::testing::Values(
        Case{R"({"allOf":[{"minimum":1},{"maximum":3}]})", "5", " maximum"},
        Case{R"({"anyOf":[{"type":"string"},{"minimum":3}]})", "2", " anyOf"},
        Case{R"({"oneOf":[{"minimum":1},{"minimum":3}]})", "5", " oneOf"},
        Case{R"({"oneOf":[{"minimum":1},{"minimum":3}]})", "2", ""},
        Case{R"({"not":{"type":"null"}})", "null", " not"},
        Case{R"({"if":{"minimum":10},"then":{"multipleOf":10},"else":{"multipleOf":2}})", "15",
             " multipleOf"},
        Case{R"({"if":{"minimum":10},"then":{"multipleOf":10},"else":{"multipleOf":2}})", "4", ""},
        Case{R"({"$defs":{"n":{"type":"integer"}},"items":{"$ref":"#/$defs/n"}})", R"([1,"a"])", "/1 type"},
        Case{R"({"$defs":{"n":{"$anchor":"here","type":"integer"}},"items":{"$ref":"#here"}})", R"(["a"])",
             "/0 type"},
        Case{R"({"properties":{"next":{"$ref":"#"},"v":{"type":"integer"}}})",
             R"({"next":{"next":{"v":"a"}}})", "/next/next/v type"},
        Case{R"({"definitions":{"a b":{"type":"null"}},"$ref":"#/definitions/a%20b"})", "1", " type"}));

TEST(JsonSchema, CollectsNoMoreThanWanted) {
    EXPECT_EQ(wrong(R"({"items":{"type":"string"}})", "[1,2,3,4]", 2), "/0 type, /1 type");
}

TEST(JsonSchema, SaysWhatWouldBeRight) {
    const auto schema = parse(R"({"properties":{"age":{"minimum":18}}})");
    const auto found = schema->violations(json::View(R"({"age":7})"), 1);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].message, "must be at least 18");
}

struct Refused {
    const char* schema;
    const char* field;
};

class WrongSchemas : public ::testing::TestWithParam<Refused> {};

TEST_P(WrongSchemas, NameTheirPlace) {
    const auto parsed = parse(GetParam().schema);
    ASSERT_FALSE(parsed.ok()) << GetParam().schema;
    EXPECT_EQ(parsed.error().code, ErrorCode::INVALID_SCHEMA);
    EXPECT_EQ(parsed.error().field, GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, WrongSchemas,
    ::testing::Values(
        Refused{"[]", "schema"}, Refused{R"({"type":"text"})", "schema.type"},
        Refused{R"({"type":[]})", "schema.type"}, Refused{R"({"type":["null","null"]})", "schema.type"},
        Refused{R"({"enum":[]})", "schema.enum"}, Refused{R"({"minimum":"1"})", "schema.minimum"},
        Refused{R"({"multipleOf":0})", "schema.multipleOf"},
        Refused{R"({"minLength":-1})", "schema.minLength"}, Refused{R"({"maxItems":1.5})", "schema.maxItems"},
        Refused{R"x({"pattern":"("})x", "schema.pattern"},
        Refused{R"x({"pattern":"(?=a)"})x", "schema.pattern"},
        Refused{R"({"properties":{"a":{"items":7}}})", "schema.properties.a.items"},
        Refused{R"({"required":true})", "schema.required"},
        Refused{R"({"required":["a","a"]})", "schema.required"}, Refused{R"({"allOf":[]})", "schema.allOf"},
        Refused{R"({"anyOf":[{},{"type":7}]})", "schema.anyOf.1.type"},
        Refused{R"({"$ref":"https://example.org/schema"})", "schema.$ref"},
        Refused{R"({"$ref":"#/$defs/none"})", "schema.$ref"}, Refused{R"({"$ref":"#none"})", "schema.$ref"},
        Refused{R"({"$ref":"#"})", "schema"},
        Refused{R"({"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"}]}}})", "schema"},
        Refused{R"({"$defs":{"a":{"type":7}}})", "schema.$defs.a.type"},
        Refused{R"({"unevaluatedProperties":false})", "schema.unevaluatedProperties"},
        Refused{R"({"$schema":"http://example.org/"})", "schema.$schema"}));

TEST(JsonSchema, IsBoundedInSizeDepthAndPatterns) {
    SchemaLimits limits;
    limits.max_nodes = 3;
    limits.max_patterns = 1;
    limits.max_bytes = 100;
    const auto code = [&](const std::string& text) {
        const auto parsed = JsonSchema::parse(json::View(text), SchemaDialect::Standard, "schema", limits);
        return parsed.ok() ? std::string() : parsed.error().message;
    };
    EXPECT_EQ(code(R"({"items":{"items":{}}})"), "");
    EXPECT_NE(code(R"({"items":{"items":{"items":{}}}})"), "");
    EXPECT_NE(code(R"({"pattern":"a","items":{"pattern":"b"}})"), "");
    EXPECT_NE(code("{\"title\":\"" + std::string(100, 'a') + "\"}"), "");
    std::string chain = "{}";
    for (int i = 0; i < 63; ++i) chain = "{\"not\":" + chain + "}";
    EXPECT_TRUE(parse(chain).ok());
    EXPECT_FALSE(parse("{\"not\":" + chain + "}").ok());
}

TEST(JsonSchema, StopsWhereWorkWouldExplode) {
    const auto schema = parse(R"({"$defs":{"t":{"allOf":[{"items":{"$ref":"#/$defs/t"}},
        {"items":{"$ref":"#/$defs/t"}}]}},"$ref":"#/$defs/t"})");
    ASSERT_TRUE(schema.ok()) << schema.error().message;
    const std::string deep = std::string(60, '[') + std::string(60, ']');
    EXPECT_FALSE(schema->matches(json::View(deep)));
    const auto found = schema->violations(json::View(deep), 5);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_NE(found[0].message.find("too much work"), std::string::npos);
}

}  // namespace
}  // namespace credvault::query
