// What is large or deep: limits at their edges, and texts that must not stall or crash.
#include <gtest/gtest.h>

#include <string>

#include "json/canonical.h"

namespace credvault::json {
namespace {

std::string repeated(std::string_view part, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text.append(part);
    return text;
}

std::string nested(std::size_t depth) { return repeated("[", depth) + repeated("]", depth); }

std::string object_of(std::size_t count, std::string_view last = "") {
    std::string text = "{";
    for (std::size_t i = 0; i < count; ++i) {
        text.append(i == 0 ? "\"name" : ",\"name").append(std::to_string(i)).append("\":1");
    }
    return text.append(last).append("}");
}

TEST(CanonicalLimits, DepthAtItsEdge) {
    EXPECT_TRUE(canonicalize(nested(100)).ok());
    const auto deeper = canonicalize(nested(101));
    ASSERT_FALSE(deeper.ok());
    EXPECT_EQ(deeper.error().code, ErrorCode::MALFORMED_JSON);
    EXPECT_EQ(deeper.error().message,
              "The JSON can't be accepted at line 1, column 101: arrays and objects must not be nested "
              "deeper than 100 "
              "levels");
    EXPECT_EQ(deeper.error().field, repeated("/0", 100));
    EXPECT_TRUE(canonicalize("[1]", {.max_depth = 1}).ok());
    EXPECT_FALSE(canonicalize("[{}]", {.max_depth = 1}).ok());
    EXPECT_TRUE(canonicalize("1", {.max_depth = 0}).ok());
    EXPECT_FALSE(canonicalize("{}", {.max_depth = 0}).ok());
}

TEST(CanonicalLimits, NestingOfAnyDepthTakesNoStack) {
    for (const char* part : {"[", "{\"a\":", "[{\"a\":"}) {
        EXPECT_FALSE(canonicalize(repeated(part, 100'000)).ok());
        EXPECT_FALSE(canonicalize(repeated(part, 1'000'000), {.max_depth = 10'000'000}).ok());
    }
    const std::string deep = nested(1'000'000);
    const auto result = canonicalize(deep, {.max_depth = 1'000'000});
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(*result, deep);
}

TEST(CanonicalLimits, BytesAtTheirEdge) {
    EXPECT_TRUE(canonicalize("[1234]", {.max_bytes = 6}).ok());
    const auto larger = canonicalize("[12345]", {.max_bytes = 6});
    ASSERT_FALSE(larger.ok());
    EXPECT_EQ(larger.error().code, ErrorCode::PAYLOAD_TOO_LARGE);
    EXPECT_EQ(larger.error().message, "The JSON is larger than 6 bytes, which is the limit");
}

TEST(CanonicalLimits, NumbersOfAMegabyte) {
    const std::string nines(1 << 20, '9');
    const std::string zeros(1 << 20, '0');
    EXPECT_FALSE(canonicalize(nines).ok());
    EXPECT_EQ(*canonicalize("0." + nines), "1.0");
    EXPECT_EQ(*canonicalize("1." + zeros), "1.0");
    EXPECT_EQ(*canonicalize("-0." + zeros + "1"), "-0.0");
    EXPECT_EQ(*canonicalize("1" + zeros + "e-1048576"), "1.0");
    EXPECT_EQ(*canonicalize("0." + zeros + "1e1048577"), "1.0");
    EXPECT_FALSE(canonicalize("1" + zeros + "e-1048000").ok());
    EXPECT_EQ(*canonicalize("1e-" + nines), "0.0");
    EXPECT_EQ(*canonicalize("0e" + nines), "0.0");
    EXPECT_FALSE(canonicalize("1e" + nines).ok());
    EXPECT_EQ(*canonicalize("1e" + zeros + "1"), "10.0");
}

TEST(CanonicalLimits, NumbersThatGrowFindRoom) {
    std::string sent = "[";
    std::string expected = "[";
    for (int i = 0; i < 10'000; ++i) {
        sent.append(i == 0 ? "1e15" : ",1e15");
        expected.append(i == 0 ? "1000000000000000.0" : ",1000000000000000.0");
    }
    EXPECT_EQ(*canonicalize(sent + "]"), expected + "]");
}

TEST(CanonicalLimits, FindsDuplicatesAmongAnyNumberOfNames) {
    for (const std::size_t count : {1U, 2U, 15U, 16U, 17U, 18U, 100U, 200'000U}) {
        EXPECT_TRUE(canonicalize(object_of(count)).ok()) << count;
        for (const std::size_t twice : {std::size_t{0}, count / 2, count - 1}) {
            const std::string name = "name" + std::to_string(twice);
            const auto result = canonicalize("[" + object_of(count, ",\"" + name + "\":2") + "]");
            ASSERT_FALSE(result.ok()) << count;
            EXPECT_EQ(result.error().field, "/0/" + name);
            EXPECT_TRUE(
                result.error().message.ends_with("a member's name must not come twice in one object"));
        }
    }
}

TEST(CanonicalLimits, ComparesNamesAsTheyAreMeant) {
    EXPECT_FALSE(canonicalize(R"({"a":1,"\u0061":2})").ok());
    EXPECT_FALSE(canonicalize(R"({"/":1,"\/":2})").ok());
    EXPECT_FALSE(canonicalize(R"({"":1,"":2})").ok());
    EXPECT_TRUE(canonicalize(R"({"a":1,"A":2,"a ":3,"b":{"a":4},"c":[{"a":5},{"a":6}]})").ok());
    // Composed and decomposed.
    EXPECT_TRUE(canonicalize(R"({"\u00e9":1,"e\u0301":2})").ok());
}

TEST(CanonicalLimits, NamesOfAClosedObjectDoNotCount) {
    const std::string inner = object_of(50);
    EXPECT_TRUE(canonicalize("{\"name1\":" + inner + ",\"name2\":" + inner + ",\"name3\":1}").ok());
    EXPECT_FALSE(canonicalize("{\"name1\":" + inner + ",\"name2\":" + inner + ",\"name1\":1}").ok());
}

TEST(CanonicalLimits, AppendsAndLeavesTheTextAloneOnFailure) {
    std::string out = "before";
    ASSERT_TRUE(canonicalize_to(out, "[ 1 ]").ok());
    EXPECT_EQ(out, "before[1]");
    ASSERT_FALSE(canonicalize_to(out, "[ 1e2, 2").ok());
    EXPECT_EQ(out, "before[1]");
    ASSERT_FALSE(canonicalize_to(out, "\xff").ok());
    EXPECT_EQ(out, "before[1]");
    ASSERT_TRUE(canonicalize_to(out, R"({"a":1,"b":{"a":1e2}})").ok());
    EXPECT_EQ(out, R"(before[1]{"a":1,"b":{"a":100.0}})");
}

TEST(CanonicalLimits, EveryPrefixIsRefused) {
    const std::string text = R"({"a":[1.5e3,true,null,"\u00e9\ud83d\ude00\n"],"b":{"c":-0.25}})";
    ASSERT_TRUE(canonicalize(text).ok());
    for (std::size_t size = 0; size < text.size(); ++size) {
        EXPECT_FALSE(canonicalize(std::string_view(text).substr(0, size)).ok()) << size;
    }
}

TEST(CanonicalLimits, ParseFollowsTheSameRules) {
    const auto value = parse(R"( { "a" : [ 1 , 2.50 , "\u0041" ] } )");
    ASSERT_TRUE(value.ok());
    EXPECT_EQ(value->text(), R"({"a":[1,2.5,"A"]})");
    const auto bad = parse("[1,]");
    ASSERT_FALSE(bad.ok());
    EXPECT_EQ(bad.error().message,
              "The JSON is malformed at line 1, column 4: there is a ']' where a value is expected");
}

}  // namespace
}  // namespace credvault::json
