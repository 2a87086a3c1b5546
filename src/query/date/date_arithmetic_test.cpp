#include "query/date/date_arithmetic.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "query/date/calendar.h"

namespace credvault::query {
namespace {

constexpr TimeUnit units[] = {TimeUnit::Year,   TimeUnit::Quarter, TimeUnit::Month,
                              TimeUnit::Week,   TimeUnit::Day,     TimeUnit::Hour,
                              TimeUnit::Minute, TimeUnit::Second,  TimeUnit::Millisecond};
constexpr std::string_view zones[] = {"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata",
                                      "Australia/Lord_Howe"};

std::int64_t at(std::string_view text) { return parse_time(text).value_or(0); }
TimeZone zone(std::string_view name) { return TimeZone::find(name).value_or(TimeZone()); }

std::string added(std::string_view date, TimeUnit unit, std::int64_t amount, std::string_view name = "UTC") {
    const auto ms = add_to_date({at(date), zone(name)}, unit, amount);
    return ms ? format_time(*ms) : "none";
}

std::string truncated(std::string_view date, TimeUnit unit, std::int64_t bin, std::string_view name = "UTC",
                      int week_start = 0) {
    const auto ms = truncate_date({at(date), zone(name)}, unit, bin, week_start);
    return ms ? format_time(*ms) : "none";
}

std::int64_t difference(std::string_view from, std::string_view to, TimeUnit unit,
                        std::string_view name = "UTC", int week_start = 0) {
    return date_difference({at(from), zone(name)}, at(to), unit, week_start);
}

TEST(DateArithmetic, Names) {
    EXPECT_EQ(parse_time_unit("year"), TimeUnit::Year);
    EXPECT_EQ(parse_time_unit("millisecond"), TimeUnit::Millisecond);
    EXPECT_FALSE(parse_time_unit("years"));
    EXPECT_FALSE(parse_time_unit("Year"));
    EXPECT_EQ(parse_weekday("Sunday"), 0);
    EXPECT_EQ(parse_weekday("SAT"), 6);
    EXPECT_FALSE(parse_weekday("satu"));
    EXPECT_FALSE(parse_weekday(""));
}

TEST(DateArithmetic, Adds) {
    EXPECT_EQ(added("2024-01-31T10:00:00Z", TimeUnit::Month, 1), "2024-02-29T10:00:00.000Z");
    EXPECT_EQ(added("2024-02-29T10:00:00Z", TimeUnit::Year, 1), "2025-02-28T10:00:00.000Z");
    EXPECT_EQ(added("2024-01-31T10:00:00Z", TimeUnit::Quarter, -1), "2023-10-31T10:00:00.000Z");
    EXPECT_EQ(added("2024-02-28T10:00:00Z", TimeUnit::Day, 2), "2024-03-01T10:00:00.000Z");
    EXPECT_EQ(added("2024-02-28T10:00:00Z", TimeUnit::Week, -1), "2024-02-21T10:00:00.000Z");
    EXPECT_EQ(added("2024-02-28T23:00:00Z", TimeUnit::Hour, 25), "2024-03-01T00:00:00.000Z");
    EXPECT_EQ(added("2024-02-28T23:00:00Z", TimeUnit::Millisecond, -1), "2024-02-28T22:59:59.999Z");
    EXPECT_EQ(added("1969-12-31T23:59:59.999Z", TimeUnit::Second, 1), "1970-01-01T00:00:00.999Z");
}

TEST(DateArithmetic, AddsOnTheWallClock) {
    // A day over the change to summer time has 23 hours.
    EXPECT_EQ(added("2026-03-28T11:00:00Z", TimeUnit::Day, 1, "Europe/Berlin"), "2026-03-29T10:00:00.000Z");
    EXPECT_EQ(added("2026-03-28T11:00:00Z", TimeUnit::Hour, 24, "Europe/Berlin"), "2026-03-29T11:00:00.000Z");
    EXPECT_EQ(added("2026-02-28T23:30:00Z", TimeUnit::Month, 1, "Europe/Berlin"), "2026-03-31T22:30:00.000Z");
}

TEST(DateArithmetic, StaysInTheRange) {
    EXPECT_EQ(added("9999-12-31T23:59:59.999Z", TimeUnit::Millisecond, 1), "none");
    EXPECT_EQ(added("9999-12-31T23:59:59.998Z", TimeUnit::Millisecond, 1), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(added("0000-01-01T00:00:00Z", TimeUnit::Day, -1), "none");
    for (const TimeUnit unit : units) {
        for (const std::int64_t amount :
             {INT64_MAX, INT64_MIN, INT64_MAX / 3, std::int64_t{315'569'520'000'000}}) {
            EXPECT_EQ(added("2026-01-01", unit, amount), "none") << amount;
        }
    }
}

TEST(DateArithmetic, CountsBoundaries) {
    EXPECT_EQ(difference("2023-12-31T23:59:59Z", "2024-01-01T00:00:00Z", TimeUnit::Year), 1);
    EXPECT_EQ(difference("2024-01-01T00:00:00Z", "2023-12-31T23:59:59Z", TimeUnit::Year), -1);
    EXPECT_EQ(difference("2024-03-31", "2024-04-01", TimeUnit::Quarter), 1);
    EXPECT_EQ(difference("2024-01-31", "2024-03-01", TimeUnit::Month), 2);
    EXPECT_EQ(difference("2024-06-15", "2024-06-16", TimeUnit::Week), 1);  // A Saturday and a Sunday.
    EXPECT_EQ(difference("2024-06-15", "2024-06-16", TimeUnit::Week, "UTC", 1), 0);
    EXPECT_EQ(difference("2024-06-16", "2024-06-17", TimeUnit::Week, "UTC", 1), 1);
    EXPECT_EQ(difference("2024-06-15T23:59:00Z", "2024-06-16T00:01:00Z", TimeUnit::Day), 1);
    EXPECT_EQ(difference("2024-06-15T22:59:00Z", "2024-06-15T23:01:00Z", TimeUnit::Hour), 1);
    EXPECT_EQ(difference("2024-06-15T22:59:00Z", "2024-06-15T22:59:59Z", TimeUnit::Minute), 0);
    EXPECT_EQ(difference("1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00.001Z", TimeUnit::Second), 1);
    EXPECT_EQ(difference("1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00.001Z", TimeUnit::Millisecond), 2);
}

TEST(DateArithmetic, CountsInZones) {
    EXPECT_EQ(difference("2026-01-01T22:30:00Z", "2026-01-01T23:30:00Z", TimeUnit::Day, "Europe/Berlin"), 1);
    EXPECT_EQ(difference("2026-01-01T22:30:00Z", "2026-01-01T23:30:00Z", TimeUnit::Day), 0);
    // Half past in UTC is the full hour in India.
    EXPECT_EQ(difference("2026-01-01T10:29:00Z", "2026-01-01T10:31:00Z", TimeUnit::Hour, "Asia/Kolkata"), 1);
    EXPECT_EQ(difference("2026-01-01T10:29:00Z", "2026-01-01T10:31:00Z", TimeUnit::Hour), 0);
    // The hour that the clock skips or repeats does not count.
    EXPECT_EQ(difference("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", TimeUnit::Hour, "Europe/Berlin"), 1);
    EXPECT_EQ(difference("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", TimeUnit::Hour, "Europe/Berlin"), 1);
}

TEST(DateArithmetic, Truncates) {
    constexpr std::string_view date = "2021-08-20T15:41:52.789Z";
    EXPECT_EQ(truncated(date, TimeUnit::Year, 1), "2021-01-01T00:00:00.000Z");
    EXPECT_EQ(truncated(date, TimeUnit::Year, 5), "2020-01-01T00:00:00.000Z");
    EXPECT_EQ(truncated(date, TimeUnit::Quarter, 1), "2021-07-01T00:00:00.000Z");
    EXPECT_EQ(truncated(date, TimeUnit::Month, 2), "2021-07-01T00:00:00.000Z");
    EXPECT_EQ(truncated(date, TimeUnit::Week, 1), "2021-08-15T00:00:00.000Z");
    EXPECT_EQ(truncated(date, TimeUnit::Week, 1, "UTC", 1), "2021-08-16T00:00:00.000Z");
    EXPECT_EQ(truncated(date, TimeUnit::Day, 1), "2021-08-20T00:00:00.000Z");
    EXPECT_EQ(truncated(date, TimeUnit::Hour, 4), "2021-08-20T12:00:00.000Z");
    EXPECT_EQ(truncated(date, TimeUnit::Minute, 30), "2021-08-20T15:30:00.000Z");
    EXPECT_EQ(truncated(date, TimeUnit::Second, 1), "2021-08-20T15:41:52.000Z");
    EXPECT_EQ(truncated(date, TimeUnit::Millisecond, 100), "2021-08-20T15:41:52.700Z");
    EXPECT_EQ(truncated("1999-12-31T23:59:59Z", TimeUnit::Month, 5), "1999-08-01T00:00:00.000Z");
}

TEST(DateArithmetic, TruncatesInZones) {
    EXPECT_EQ(truncated("2026-07-15T22:30:00Z", TimeUnit::Day, 1, "Europe/Berlin"),
              "2026-07-15T22:00:00.000Z");
    EXPECT_EQ(truncated("2026-07-15T10:20:00Z", TimeUnit::Hour, 1, "Asia/Kolkata"),
              "2026-07-15T09:30:00.000Z");
    EXPECT_EQ(truncated("2026-07-15T10:20:00Z", TimeUnit::Month, 1, "America/New_York"),
              "2026-07-01T04:00:00.000Z");
    EXPECT_EQ(truncated("2026-07-15", TimeUnit::Year, max_date_bin), "2000-01-01T00:00:00.000Z");
    EXPECT_EQ(truncated("1999-07-15", TimeUnit::Year, max_date_bin), "none");
}

/// Dates at random over ten thousand years, most of them where zones change.
class DateProperty : public ::testing::Test {
protected:
    std::int64_t date() {
        const bool any = random_() % 4 == 0;
        const std::int64_t low = any ? min_date_ms + 800 * day_ms * 366 : at("1950-01-01");
        const std::int64_t high = any ? max_date_ms - 800 * day_ms * 366 : at("2050-01-01");
        return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
    }
    std::mt19937_64 random_{7};
};

TEST_F(DateProperty, PartsLeadBackAndAgreeWithChrono) {
    for (int i = 0; i < 20'000; ++i) {
        const std::int64_t ms = date();
        const DateParts parts = date_parts(ms);
        const std::int64_t time =
            parts.hour * hour_ms + parts.minute * minute_ms + parts.second * second_ms + parts.millisecond;
        ASSERT_EQ(days_of(parts.year, parts.month, parts.day) * day_ms + time, ms);
        ASSERT_EQ(days_of(iso_week_date(ms)), floor_div(ms, day_ms));

        const auto day = std::chrono::floor<std::chrono::days>(
            std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(ms)));
        const std::chrono::year_month_day date(day);
        ASSERT_EQ(static_cast<int>(date.year()), parts.year);
        ASSERT_EQ(static_cast<unsigned>(date.day()), parts.day);
        ASSERT_EQ(std::chrono::weekday(day).c_encoding() + 1, static_cast<unsigned>(day_of_week(ms)));
        ASSERT_EQ(std::chrono::weekday(day).iso_encoding(), static_cast<unsigned>(iso_week_date(ms).day));
        ASSERT_EQ((day - std::chrono::sys_days(date.year() / 1 / 1)).count() + 1, day_of_year(ms));
    }
}

TEST_F(DateProperty, TruncationStartsABinThatHoldsTheDate) {
    for (int i = 0; i < 20'000; ++i) {
        const std::int64_t ms = date();
        const TimeUnit unit = units[random_() % std::size(units)];
        const TimeZone zone = *TimeZone::find(zones[random_() % std::size(zones)]);
        const auto bin = static_cast<std::int64_t>(1 + random_() % 30);
        const int week_start = static_cast<int>(random_() % 7);
        const auto start = truncate_date({ms, zone}, unit, bin, week_start);
        ASSERT_TRUE(start);
        ASSERT_LE(*start, ms);
        ASSERT_EQ(truncate_date({*start, zone}, unit, bin, week_start), start) << format_time(ms);
        const auto next = add_to_date({*start, zone}, unit, bin);
        // A local midnight that is skipped moves the next bin's beginning by an hour or so.
        ASSERT_TRUE(next && *next + hour_ms > ms) << format_time(ms) << " " << format_time(*start);
        if (bin == 1 && unit <= TimeUnit::Day) {
            ASSERT_EQ(date_difference({*start, zone}, ms, unit, week_start), 0);
        }
    }
}

TEST_F(DateProperty, AddingAndSubtractingAreInverse) {
    for (int i = 0; i < 20'000; ++i) {
        const std::int64_t ms = date();
        const TimeUnit unit = units[random_() % std::size(units)];
        const auto amount = static_cast<std::int64_t>(random_() % 400) - 200;
        const auto moved = add_to_date({ms, {}}, unit, amount);
        ASSERT_TRUE(moved);
        ASSERT_EQ(date_difference({ms, {}}, *moved, unit, 0), amount) << format_time(ms);
        ASSERT_EQ(date_difference({*moved, {}}, ms, unit, 0), -amount);
        if (unit > TimeUnit::Month || date_parts(ms).day <= 28) {
            ASSERT_EQ(add_to_date({*moved, {}}, unit, -amount), ms) << format_time(ms);
        }
    }
}

}  // namespace
}  // namespace credvault::query
