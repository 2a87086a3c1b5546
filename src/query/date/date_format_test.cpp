#include "query/date/date_format.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "query/date/calendar.h"

namespace credvault::query {
namespace {

std::int64_t at(std::string_view text) { return parse_time(text).value_or(0); }

std::string written(std::string_view format, std::string_view date, std::string_view zone = "UTC") {
    return format_date(format, {at(date), TimeZone::find(zone).value_or(TimeZone())});
}

std::string shown(const std::optional<ReadDate>& read, const DateFault& fault) {
    if (!read) return fault.message;
    return format_time(read->zone.value_or(TimeZone()).to_utc(read->local_ms)) + (read->zone ? " zone" : "");
}

std::string read(std::string_view text) {
    DateFault fault;
    const auto found = read_date(text, fault);
    return shown(found, fault);
}

std::string read(std::string_view text, std::string_view format) {
    EXPECT_FALSE(date_format_fault(format, DateFormatUse::Reading)) << format;
    DateFault fault;
    const auto found = read_date(text, format, fault);
    return shown(found, fault);
}

TEST(DateFormat, WritesEverySpecifier) {
    constexpr std::string_view date = "2014-01-01T08:15:39.736Z";
    EXPECT_EQ(written("%Y-%m-%d %H:%M:%S.%L", date), "2014-01-01 08:15:39.736");
    EXPECT_EQ(written("%b %B %j %U %V %G %u %w", date), "Jan January 001 00 01 2014 3 4");
    EXPECT_EQ(written("%z %Z", date), "+0000 0");
    EXPECT_EQ(written("%z %Z", date, "America/New_York"), "-0500 -300");
    EXPECT_EQ(written("%H:%M %z %Z", date, "Asia/Kolkata"), "13:45 +0530 330");
    EXPECT_EQ(written("%z", date, "-00:30"), "-0030");
    EXPECT_EQ(written("100%% é", date), "100% é");
    EXPECT_EQ(written("", date), "");
    EXPECT_EQ(written("%Y %G", "0007-02-03"), "0007 0007");
    EXPECT_EQ(written("%G-W%V-%u", "2021-01-03"), "2020-W53-7");
    EXPECT_EQ(written("%U %w", "2023-01-01"), "01 1");
}

TEST(DateFormat, RefusesUnknownSpecifiers) {
    for (const std::string_view format : {"%", "%Y%", "%%%", "%y", "%é", "% Y"}) {
        EXPECT_TRUE(date_format_fault(format, DateFormatUse::Writing)) << format;
    }
    EXPECT_FALSE(date_format_fault("%U %w", DateFormatUse::Writing));
    EXPECT_TRUE(date_format_fault("%U", DateFormatUse::Reading));
    EXPECT_TRUE(date_format_fault("%w", DateFormatUse::Reading));
}

TEST(DateFormat, ReadsByFormat) {
    EXPECT_EQ(read("06-15-2018", "%m-%d-%Y"), "2018-06-15T00:00:00.000Z");
    EXPECT_EQ(read("2018-06-15 10:20:30.5", "%Y-%m-%d %H:%M:%S.%L"), "2018-06-15T10:20:30.500Z");
    EXPECT_EQ(read("15 jun 2018", "%d %b %Y"), "2018-06-15T00:00:00.000Z");
    EXPECT_EQ(read("June 5, 2018", "%B %d, %Y"), "2018-06-05T00:00:00.000Z");
    EXPECT_EQ(read("2018-166", "%Y-%j"), "2018-06-15T00:00:00.000Z");
    EXPECT_EQ(read("2018W24-5", "%GW%V-%u"), "2018-06-15T00:00:00.000Z");
    EXPECT_EQ(read("2018-06-15+0530", "%Y-%m-%d%z"), "2018-06-14T18:30:00.000Z zone");
    EXPECT_EQ(read("2018-06-15Z", "%Y-%m-%d%z"), "2018-06-15T00:00:00.000Z zone");
    EXPECT_EQ(read("2018-06-15 -300", "%Y-%m-%d %Z"), "2018-06-15T05:00:00.000Z zone");
    EXPECT_EQ(read("100% 2018-06-15", "100%% %Y-%m-%d"), "2018-06-15T00:00:00.000Z");
}

TEST(DateFormat, SaysWhatDoesNotFit) {
    EXPECT_EQ(read("18-06-15", "%Y-%m-%d"), "the text does not match %Y of the format");
    EXPECT_EQ(read("2018/06/15", "%Y-%m-%d"), "the text differs from the format");
    EXPECT_EQ(read("2018-06-15x", "%Y-%m-%d"), "the text is longer than the format");
    EXPECT_EQ(read("2018-06-15", "%Y-%m-%d %H"), "the text differs from the format");
    EXPECT_EQ(read("2018-13-15", "%Y-%m-%d"), "the month must be 1 to 12");
    EXPECT_EQ(read("2018-02-29", "%Y-%m-%d"), "there is no such day in that month");
    EXPECT_EQ(read("2018-366", "%Y-%j"), "there is no such day in that year");
    EXPECT_EQ(read("2018-53-1", "%G-%V-%u"), "there is no such week or day of a week in that year");
    EXPECT_EQ(read("2018", "%Y"), "a date needs its year, month and day, or its year and day of the year");
    EXPECT_EQ(read("2018-01", "%G-%m"), "it mixes a week date with parts of other dates");
    EXPECT_EQ(read("24", "%V"), "a week date needs its year and its week");
    EXPECT_EQ(read("2018-06-15 24", "%Y-%m-%d %H"), "the time must lie between 00:00:00 and 23:59:59");
}

TEST(DateFormat, ReadsUsualFormsWithoutFormat) {
    EXPECT_EQ(read("2017-02-08"), "2017-02-08T00:00:00.000Z");
    EXPECT_EQ(read("2017-02-08T12:10:40.787"), "2017-02-08T12:10:40.787Z");
    EXPECT_EQ(read("2017-02-08T12:10:40.787123Z"), "2017-02-08T12:10:40.787Z zone");
    EXPECT_EQ(read("2017-02-08 12:10:40.787 +0100"), "2017-02-08T11:10:40.787Z zone");
    EXPECT_EQ(read("2017-02-08T12:10+01"), "2017-02-08T11:10:00.000Z zone");
    EXPECT_EQ(read("2017-02-08T12"), "2017-02-08T12:00:00.000Z");
    EXPECT_EQ(read("2017-02-08 12:10 America/New_York"), "2017-02-08T17:10:00.000Z zone");
    EXPECT_EQ(read("20170208T121040Z"), "2017-02-08T12:10:40.000Z zone");
    EXPECT_EQ(read("20170208"), "2017-02-08T00:00:00.000Z");
    EXPECT_EQ(read("2017-039"), "2017-02-08T00:00:00.000Z");
    EXPECT_EQ(read("2017-W06-3"), "2017-02-08T00:00:00.000Z");
    EXPECT_EQ(read("2017/2/8"), "2017-02-08T00:00:00.000Z");
    EXPECT_EQ(read("2/8/2017 3:04 PM"), "2017-02-08T15:04:00.000Z");
    EXPECT_EQ(read("8 February 2017"), "2017-02-08T00:00:00.000Z");
    EXPECT_EQ(read("08-Feb-2017 12:10"), "2017-02-08T12:10:00.000Z");
    EXPECT_EQ(read("Feb 8th, 2017 12am"), "2017-02-08T00:00:00.000Z");
    EXPECT_EQ(read("Wed, 08 Feb 2017 12:10:40 GMT"), "2017-02-08T12:10:40.000Z zone");
    EXPECT_EQ(read("Wednesday, February 8, 2017"), "2017-02-08T00:00:00.000Z");
    EXPECT_EQ(read("  2017-02-08  "), "2017-02-08T00:00:00.000Z");
    EXPECT_EQ(read("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00.000Z zone");
}

TEST(DateFormat, RefusesOtherTexts) {
    for (const std::string_view text : {"",
                                        " ",
                                        "Friday",
                                        "2017",
                                        "2017-02",
                                        "tomorrow",
                                        "10000-01-01",
                                        "20170-01-01T00:00:00Z",
                                        "2024 -06-15T12:30:45Z",
                                        "2017-02-30",
                                        "2017-02-08T",
                                        "2017-02-08T25:00",
                                        "2017-02-08T12:60",
                                        "2017-02-08T12:10:40.",
                                        "2017-02-08x",
                                        "2017-02-08T12:10:40 Nowhere",
                                        "2017-02-08T12:10+100:00",
                                        "12:10",
                                        "13pm 2017-02-08",
                                        "2/30/2017",
                                        "Feb 8, 2017 13pm",
                                        "2017-02-08T12:10:40ZZ",
                                        "Wed",
                                        "Wed,",
                                        "99999999999999999999"}) {
        DateFault fault;
        EXPECT_FALSE(read_date(text, fault)) << text;
        EXPECT_FALSE(fault.message.empty()) << text;
    }
}

TEST(DateFormat, WhatIsWrittenIsReadBack) {
    std::mt19937_64 random(11);
    std::uniform_int_distribution<std::int64_t> dates(min_date_ms, max_date_ms);
    const std::vector<std::string_view> formats = {"%Y-%m-%dT%H:%M:%S.%LZ", "%d %B %Y %H:%M:%S,%L",
                                                   "%j of %Y %H%M%S%L", "%G week %V day %u %H:%M:%S.%L",
                                                   "%b %d %Y %H:%M:%S.%L %z"};
    for (int i = 0; i < 5000; ++i) {
        const std::int64_t ms = dates(random);
        for (const std::string_view format : formats) {
            const std::string text = format_date(format, {ms, {}});
            DateFault fault;
            const auto found = read_date(text, format, fault);
            // The first and last weeks may belong to years of five digits or none.
            if (!found && text.size() != format_date(format, {0, {}}).size()) continue;
            ASSERT_TRUE(found) << text << " " << format << ": " << fault.message;
            ASSERT_EQ(found->local_ms, ms) << text << " " << format;
        }
        DateFault fault;
        const auto found = read_date(format_time(ms), fault);
        ASSERT_TRUE(found && found->local_ms == ms) << format_time(ms);
    }
}

}  // namespace
}  // namespace credvault::query
