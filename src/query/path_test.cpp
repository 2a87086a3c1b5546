#include "query/path.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace credvault::query {
namespace {

TEST(Path, SplitsAtDots) {
    const Path path = *parse_path("a.0.b\"c.é");
    ASSERT_EQ(path.parts.size(), 4U);
    EXPECT_EQ(path.text, "a.0.b\"c.é");
    EXPECT_EQ(path.parts[0].name, "a");
    EXPECT_EQ(path.parts[0].index, std::nullopt);
    EXPECT_EQ(path.parts[1].index, 0U);
    EXPECT_EQ(path.parts[2].name, "b\"c");
    EXPECT_EQ(path.parts[2].escaped, "b\\\"c");
}

TEST(Path, OnlyPlainNumbersArePositions) {
    const auto index = [](std::string_view text) { return parse_path(text)->parts[0].index; };
    EXPECT_EQ(index("10"), 10U);
    EXPECT_EQ(index("4294967295"), 4294967295U);
    for (const char* name : {"4294967296", "01", "00", "-1", "+1", "1a", " 1", "1e2"}) {
        EXPECT_EQ(index(name), std::nullopt) << name;
    }
}

TEST(Path, RefusesEmptyParts) {
    for (const char* text : {"", ".", ".a", "a.", "a..b"}) {
        const auto path = parse_path(text, ErrorCode::INVALID_SORT);
        ASSERT_FALSE(path.ok()) << text;
        EXPECT_EQ(path.error().code, ErrorCode::INVALID_SORT);
        EXPECT_EQ(path.error().field, text);
    }
}

TEST(Path, LookupTakesEmptyNames) {
    EXPECT_EQ(parse_lookup_path("")->parts.size(), 1U);
    EXPECT_EQ(parse_lookup_path(".x")->parts[0].name, "");
    EXPECT_EQ(parse_lookup_path("a..")->parts.size(), 3U);
}

TEST(Path, PartsAreBounded) {
    std::string text = "a";
    for (std::size_t i = 1; i < max_path_parts; ++i) text += ".a";
    EXPECT_TRUE(parse_path(text).ok());
    EXPECT_FALSE(parse_path(text + ".a").ok());
    EXPECT_FALSE(parse_lookup_path(text + ".a").ok());
}

TEST(Path, ShownNamesAreCutBetweenCharacters) {
    EXPECT_EQ(shown_name("abc"), "abc");
    const std::string shown = shown_name(std::string(199, 'a') + "éé");
    EXPECT_EQ(shown, std::string(199, 'a') + "…");
}

}  // namespace
}  // namespace credvault::query
