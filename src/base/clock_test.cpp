#include "base/clock.h"

#include <gtest/gtest.h>

#include <limits>

namespace credvault {
namespace {

constexpr std::int64_t first_ms = -62'167'219'200'000;
constexpr std::int64_t last_ms = 253'402'300'799'999;

struct Case {
    std::string_view text;
    std::string_view normal;  ///< Empty: no time.
};

class ParseTime : public testing::TestWithParam<Case> {};

TEST_P(ParseTime, normalises) {
    const auto [text, normal] = GetParam();
    const auto ms = parse_time(text);
    ASSERT_EQ(ms.has_value(), !normal.empty()) << text;
    if (ms) {
        EXPECT_EQ(format_time(*ms), normal) << text;
    }
}

constexpr Case good[] = {
    {"2026-01-31T12:34:56.789Z", "2026-01-31T12:34:56.789Z"},
    {"2026-01-31T12:34:56Z", "2026-01-31T12:34:56.000Z"},
    {"2026-01-31T12:34Z", "2026-01-31T12:34:00.000Z"},
    {"2026-01-31", "2026-01-31T00:00:00.000Z"},
    {"2026-01-31t12:34:56z", "2026-01-31T12:34:56.000Z"},
    {"2026-01-31 12:34:56Z", "2026-01-31T12:34:56.000Z"},
    // Any precision; what is beyond milliseconds is cut, never rounded up.
    {"2026-01-31T12:34:56.7Z", "2026-01-31T12:34:56.700Z"},
    {"2026-01-31T12:34:56.78Z", "2026-01-31T12:34:56.780Z"},
    {"2026-01-31T12:34:56.0009Z", "2026-01-31T12:34:56.000Z"},
    {"2026-01-31T12:34:56.999999999999999999999Z", "2026-01-31T12:34:56.999Z"},
    {"2026-01-31T12:34:56,5Z", "2026-01-31T12:34:56.500Z"},
    // Zones.
    {"2026-01-31T12:34:56+00:00", "2026-01-31T12:34:56.000Z"},
    {"2026-01-31T12:34:56-00:00", "2026-01-31T12:34:56.000Z"},
    {"2026-01-31T12:34:56+05:45", "2026-01-31T06:49:56.000Z"},
    {"2026-01-31T22:34:56-05:30", "2026-02-01T04:04:56.000Z"},
    {"2026-01-01T00:00:00+14:00", "2025-12-31T10:00:00.000Z"},
    {"2026-01-01T00:00:00+23:59", "2025-12-31T00:01:00.000Z"},
    // Leap days: every fourth year, not every hundredth, but every four-hundredth.
    {"2024-02-29", "2024-02-29T00:00:00.000Z"},
    {"2000-02-29", "2000-02-29T00:00:00.000Z"},
    {"0000-02-29", "0000-02-29T00:00:00.000Z"},
    // Leap seconds are the next day's first second, in any zone.
    {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"},
    {"2016-12-31T23:59:60.5Z", "2017-01-01T00:00:00.500Z"},
    {"2017-01-01T00:59:60+01:00", "2017-01-01T00:00:00.000Z"},
    // The ends of the range.
    {"0000-01-01T00:00:00.000Z", "0000-01-01T00:00:00.000Z"},
    {"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
    {"9999-12-31T23:59:59.9999Z", "9999-12-31T23:59:59.999Z"},
    {"0000-01-01T01:00:00+01:00", "0000-01-01T00:00:00.000Z"},
    {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
};

constexpr Case bad[] = {
    {"", ""},
    {"2026", ""},
    {"2026-01", ""},
    {"2026-1-31", ""},
    {"20260131", ""},
    {"26-01-31", ""},
    {"2026-01-31T", ""},
    {"2026-01-31Z", ""},
    {"2026-01-31T12", ""},
    {"2026-01-31T12Z", ""},
    {"2026-01-31T12:34:56", ""},
    {"2026-01-31T12:34:56.Z", ""},
    {"2026-01-31T12:34:56.789", ""},
    {"2026-01-31T12:34.5Z", ""},
    {"2026-01-31T12:34:56Z ", ""},
    {" 2026-01-31T12:34:56Z", ""},
    {"2026-01-31T12:34:56ZZ", ""},
    {"2026-01-31T12:34:56+0100", ""},
    {"2026-01-31T12:34:56+01", ""},
    {"2026-01-31T12:34:56+24:00", ""},
    {"2026-01-31T12:34:56+01:60", ""},
    {"2026-01-31T24:00:00Z", ""},
    {"2026-01-31T12:60:00Z", ""},
    {"2026-01-31T12:34:61Z", ""},
    {"2026-01-31T12:34:60Z", ""},
    {"2016-12-31T23:59:60+01:00", ""},
    {"2026-00-10", ""},
    {"2026-13-10", ""},
    {"2026-01-00", ""},
    {"2026-01-32", ""},
    {"2026-04-31", ""},
    {"2026-02-29", ""},
    {"1900-02-29", ""},
    {"2100-02-29", ""},
    {"-026-01-31", ""},
    {"+2026-01-31", ""},
    {"2026-01-31T-1:00:00Z", ""},
    {"2026/01/31", ""},
    {"10000-01-01", ""},
    {"0000-01-01T00:00:00+00:01", ""},
    {"9999-12-31T23:59:59-00:01", ""},
    {"9999-12-31T23:59:60Z", ""},
    {"now", ""},
};

INSTANTIATE_TEST_SUITE_P(Good, ParseTime, testing::ValuesIn(good));
INSTANTIATE_TEST_SUITE_P(Bad, ParseTime, testing::ValuesIn(bad));

TEST(FormatTime, knows_the_epoch_and_what_is_around_it) {
    EXPECT_EQ(format_time(0), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(format_time(-1), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(format_time(951'782'400'000), "2000-02-29T00:00:00.000Z");
}

TEST(FormatTime, clamps_to_four_digit_years) {
    EXPECT_EQ(format_time(first_ms), "0000-01-01T00:00:00.000Z");
    EXPECT_EQ(format_time(first_ms - 1), "0000-01-01T00:00:00.000Z");
    EXPECT_EQ(format_time(last_ms), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(format_time(last_ms + 1), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(format_time(std::numeric_limits<std::int64_t>::min()).size(), 24u);
    EXPECT_EQ(format_time(std::numeric_limits<std::int64_t>::max()).size(), 24u);
}

TEST(FormatTime, is_undone_by_parse_time_over_the_whole_range) {
    constexpr std::int64_t step = (last_ms - first_ms) / 100'003;
    std::string earlier;
    for (std::int64_t ms = first_ms; ms <= last_ms; ms += step) {
        const std::string text = format_time(ms);
        ASSERT_EQ(text.size(), 24u);
        ASSERT_EQ(parse_time(text), ms) << text;
        ASSERT_LT(earlier, text) << "text sorts as the times do";
        earlier = text;
    }
}

TEST(FormatTime, appends) {
    std::string out = "at ";
    append_time(out, 1);
    EXPECT_EQ(out, "at 1970-01-01T00:00:00.001Z");
}

TEST(Clock, goes_on) {
    EXPECT_GT(now_ms(), 1'700'000'000'000) << "in milliseconds";
    const std::int64_t before = monotonic_ns();
    EXPECT_GE(monotonic_ns(), before);
}

}  // namespace
}  // namespace credvault
