#include "api/headers.h"

#include <gtest/gtest.h>

namespace credvault::api {
namespace {

std::string shown(std::string_view text) {
    const auto tags = parse_entity_tags(text);
    if (!tags) return "refused";
    std::string out = tags->any ? "any" : "";
    for (const EntityTag& tag : tags->tags) out.append(tag.weak ? "[W/" : "[").append(tag.text).append("]");
    return out;
}

TEST(EntityTags, AreRead) {
    EXPECT_EQ(shown("*"), "any");
    EXPECT_EQ(shown(" * "), "any");
    EXPECT_EQ(shown("\"a\""), "[\"a\"]");
    EXPECT_EQ(shown("W/\"a\""), "[W/\"a\"]");
    EXPECT_EQ(shown("\"\""), "[\"\"]");
    EXPECT_EQ(shown("\"a\" , W/\"b\",\"c\""), "[\"a\"][W/\"b\"][\"c\"]");
    EXPECT_EQ(shown("\"a,b\""), "[\"a,b\"]");
    EXPECT_EQ(shown(", \"a\",,\"b\","), "[\"a\"][\"b\"]");
    EXPECT_EQ(shown("\"\xc3\xa9\""), "[\"\xc3\xa9\"]");
}

TEST(EntityTags, OfOtherFormsAreRefused) {
    for (const std::string_view bad : {"", " ", ",", "a", "\"a", "a\"", "\"a\" \"b\"", "w/\"a\"", "W/a", "W/",
                                       "*,\"a\"", "\"a\",*", "\"a b\"", "\"a\tb\"", "\"a\x7f\"", "\"a\"x"}) {
        EXPECT_EQ(shown(bad), "refused") << bad;
    }
}

TEST(EntityTags, AreBoundedInNumber) {
    std::string list = "\"a\"";
    for (std::size_t i = 1; i < max_entity_tags; ++i) list += ",\"a\"";
    EXPECT_EQ(parse_entity_tags(list)->tags.size(), max_entity_tags);
    EXPECT_FALSE(parse_entity_tags(list + ",\"a\""));
}

TEST(EntityTags, MatchWeaklyAndStrongly) {
    const EntityTags tags = *parse_entity_tags("\"a\", W/\"b\"");
    EXPECT_TRUE(matches_weakly(tags, "\"a\""));
    EXPECT_TRUE(matches_weakly(tags, "\"b\""));
    EXPECT_FALSE(matches_weakly(tags, "\"c\""));
    EXPECT_TRUE(matches_strongly(tags, "\"a\""));
    EXPECT_FALSE(matches_strongly(tags, "\"b\""));
    EXPECT_TRUE(matches_strongly(*parse_entity_tags("*"), "\"c\""));
}

TEST(IdempotencyKey, IsQuotedOrBare) {
    Scratch scratch;
    const auto read = [&](std::string_view text) {
        const auto key = parse_idempotency_key(text, scratch);
        return key ? std::string(key->text) : "refused";
    };
    EXPECT_EQ(read("abc"), "abc");
    EXPECT_EQ(read("  abc "), "abc");
    EXPECT_EQ(read("\"abc\""), "abc");
    EXPECT_EQ(read("\"a \\\"b\\\\\""), "a \"b\\");
    EXPECT_EQ(read("8e03978e-40d5-43dd-bc93-6894a57f9324"), "8e03978e-40d5-43dd-bc93-6894a57f9324");
    for (const std::string_view bad :
         {"", "\"\"", "\"a", "\"a\"b", "\"a\\n\"", "\"a\\", "a\tb", "a\x7f", "\xc3\xa9"}) {
        EXPECT_EQ(read(bad), "refused") << bad;
    }
    EXPECT_EQ(read(std::string(255, 'a')), std::string(255, 'a'));
    EXPECT_EQ(read(std::string(256, 'a')), "refused");
    EXPECT_EQ(read('"' + std::string(255, 'a') + '"'), std::string(255, 'a'));
}

TEST(Prefer, HeedsRespondAsync) {
    EXPECT_TRUE(parse_prefer("return=minimal, Respond-Async; wait=10").async);
    EXPECT_FALSE(parse_prefer("return=minimal").async);
    EXPECT_FALSE(parse_prefer("respond-async=1").async);
}

TEST(Prefer, HeedsTheFirstReturn) {
    EXPECT_TRUE(parse_prefer("return=minimal").minimal);
    EXPECT_TRUE(parse_prefer("Return = \"minimal\"").minimal);
    EXPECT_TRUE(parse_prefer("respond-async, return=minimal; foo=bar").minimal);
    EXPECT_FALSE(parse_prefer("return=representation, return=minimal").minimal);
    EXPECT_FALSE(parse_prefer("return=minimalist").minimal);
    EXPECT_FALSE(parse_prefer("").minimal);
    EXPECT_FALSE(parse_prefer(",=,;").minimal);
}

}  // namespace
}  // namespace credvault::api
