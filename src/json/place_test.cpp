#include "json/place.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <random>
#include <string>

namespace credvault::json {
namespace {

/// 0, or the seed that --gtest_shuffle names.
unsigned test_seed() { return static_cast<unsigned>(::testing::UnitTest::GetInstance()->random_seed()); }

TEST(Place, CountsLinesAndColumnsFromOne) {
    const std::string_view text = "ab\ncd\r\n\nx";
    const auto expect = [text](std::size_t offset, std::size_t line, std::size_t column) {
        const Place place = place_of(text, offset);
        EXPECT_EQ(place.line, line) << offset;
        EXPECT_EQ(place.column, column) << offset;
    };
    expect(0, 1, 1);
    expect(2, 1, 3);
    expect(3, 2, 1);
    expect(7, 3, 1);
    expect(8, 4, 1);
    expect(9, 4, 2);
}

TEST(Place, FindsTheFirstByteThatIsNoUtf8) {
    EXPECT_EQ(first_invalid_utf8(""), 0U);
    EXPECT_EQ(first_invalid_utf8("aé€😀\U0010FFFF\uD7FF\uE000"), 20U);
    EXPECT_EQ(first_invalid_utf8("ab\xc3"), 2U);
    EXPECT_EQ(first_invalid_utf8("é\xe2\x82"), 2U);
    EXPECT_EQ(first_invalid_utf8("a\xed\xa0\x80"), 1U);
    EXPECT_EQ(first_invalid_utf8("\xf4\x90\x80\x80"), 0U);
    EXPECT_EQ(first_invalid_utf8("\xe0\x80\x80"), 0U);
}

TEST(Place, AgreesWithSimdjsonOnWhatIsUtf8) {
    std::mt19937 random(test_seed());
    constexpr std::string_view bytes =
        "a\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc2\xdf\xe0\xe1\xed\xef\xf0\xf1\xf4\xf5\xff";
    for (int i = 0; i < 200'000; ++i) {
        std::string text;
        for (std::size_t size = random() % 6; size > 0; --size)
            text.push_back(bytes[random() % bytes.size()]);
        ASSERT_EQ(first_invalid_utf8(text) == text.size(), simdjson::validate_utf8(text))
            << ::testing::PrintToString(text);
    }
}

TEST(Place, PointersAreEscapedAndCut) {
    std::string pointer;
    append_pointer(pointer, "a~/b");
    append_pointer(pointer, R"(\"\n)");
    append_pointer(pointer, "");
    EXPECT_EQ(pointer, "/a~0~1b/\"\n/");
    append_pointer(pointer, std::string(300, 'x'));
    EXPECT_EQ(pointer.size(), 12 - 1 + 301U);
    std::string wide;
    for (int i = 0; i < 1000; ++i) wide.append("é");
    append_pointer(pointer, wide);
    EXPECT_EQ(first_invalid_utf8(pointer), pointer.size());
    EXPECT_TRUE(pointer.ends_with("é…"));
    const std::string cut = pointer;
    append_pointer(pointer, "more");
    EXPECT_EQ(pointer, cut);
    EXPECT_LE(pointer.size(), 520U);
}

}  // namespace
}  // namespace credvault::json
