#include "query/date/time_zone.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "query/date/posix_zone.h"
#include "query/date/zone_rules.h"

namespace credvault::query {
namespace {

constexpr std::int64_t hour = 3'600'000;

std::int64_t at(std::string_view text) { return parse_time(text).value_or(0); }

TimeZone zone(std::string_view name) {
    const auto found = TimeZone::find(name);
    EXPECT_TRUE(found) << name;
    return found.value_or(TimeZone());
}

TEST(TimeZone, NamesAndDistances) {
    EXPECT_TRUE(zone("UTC").is_utc());
    EXPECT_TRUE(zone("GMT").is_utc());
    EXPECT_TRUE(zone("Z").is_utc());
    EXPECT_TRUE(zone("+00:00").is_utc());
    EXPECT_EQ(zone("+05:30").offset_at(0), 5 * hour + hour / 2);
    EXPECT_EQ(zone("-0330").offset_at(0), -(3 * hour + hour / 2));
    EXPECT_EQ(zone("+14").offset_at(0), 14 * hour);
    EXPECT_EQ(zone("Etc/GMT+5").offset_at(0), -5 * hour);
    EXPECT_EQ(zone("America/Argentina/Buenos_Aires").offset_at(at("2026-01-01")), -3 * hour);
}

TEST(TimeZone, RefusesWhatIsNoZone) {
    const std::vector<std::string_view> names = {
        "",
        "+",
        "+1",
        "+100:00",
        "+1:00",
        "+01:0",
        "+01:00:00",
        "+0a",
        "utc",
        "Europe",
        "Nowhere",
        "Europe/Nowhere",
        "../../../etc/passwd",
        "/etc/passwd",
        "localtime",
        "posix/UTC",
        "right/UTC",
        "zone.tab",
        "Europe/../UTC",
        "Europe/Berlin ",
    };
    for (const std::string_view name : names) EXPECT_FALSE(TimeZone::find(name)) << name;
    EXPECT_FALSE(TimeZone::find(std::string(10'000, 'A')));
    EXPECT_FALSE(TimeZone::find(std::string_view("UTC\0", 4)));
}

TEST(TimeZone, SummerTime) {
    const TimeZone berlin = zone("Europe/Berlin");
    EXPECT_EQ(berlin.offset_at(at("2026-01-15T12:00:00Z")), hour);
    EXPECT_EQ(berlin.offset_at(at("2026-07-15T12:00:00Z")), 2 * hour);
    EXPECT_EQ(berlin.offset_at(at("2026-03-29T00:59:59.999Z")), hour);
    EXPECT_EQ(berlin.offset_at(at("2026-03-29T01:00:00Z")), 2 * hour);
    EXPECT_EQ(berlin.offset_at(at("2026-10-25T00:59:59.999Z")), 2 * hour);
    EXPECT_EQ(berlin.offset_at(at("2026-10-25T01:00:00Z")), hour);
    const TimeZone sydney = zone("Australia/Sydney");
    EXPECT_EQ(sydney.offset_at(at("2026-01-15T12:00:00Z")), 11 * hour);
    EXPECT_EQ(sydney.offset_at(at("2026-07-15T12:00:00Z")), 10 * hour);
}

TEST(TimeZone, RulesHoldBeyondTheTable) {
    const TimeZone york = zone("America/New_York");
    EXPECT_EQ(york.offset_at(at("2037-07-01T00:00:00Z")), -4 * hour);
    EXPECT_EQ(york.offset_at(at("2137-07-01T00:00:00Z")), -4 * hour);
    EXPECT_EQ(york.offset_at(at("9999-12-01T00:00:00Z")), -5 * hour);
    EXPECT_EQ(zone("Australia/Sydney").offset_at(at("2200-01-01T00:00:00Z")), 11 * hour);
    // Before clocks were set by zones, the place's own time held.
    EXPECT_EQ(york.offset_at(at("1800-01-01T00:00:00Z")), -(4 * hour + 56 * 60'000 + 2000));
}

TEST(TimeZone, WallClocks) {
    const TimeZone berlin = zone("Europe/Berlin");
    EXPECT_EQ(berlin.to_utc(at("2026-07-15T12:00:00Z")), at("2026-07-15T10:00:00Z"));
    // 02:30 did not happen: the clock went on to 03:30.
    EXPECT_EQ(berlin.to_utc(at("2026-03-29T02:30:00Z")), at("2026-03-29T01:30:00Z"));
    // 02:30 happened twice: the first time counts.
    EXPECT_EQ(berlin.to_utc(at("2026-10-25T02:30:00Z")), at("2026-10-25T00:30:00Z"));
    // Samoa left out a day.
    EXPECT_EQ(zone("Pacific/Apia").to_utc(at("2011-12-31T00:00:00Z")), at("2011-12-30T10:00:00Z"));
}

TEST(TimeZone, WallClocksLeadBack) {
    for (const std::string_view name :
         {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia",
          "Africa/Casablanca", "Antarctica/Troll"}) {
        const TimeZone zone = query::zone(name);
        for (std::int64_t ms = at("1970-01-01"); ms < at("2060-01-01"); ms += 11 * hour + 1234) {
            const std::int64_t back = zone.to_utc(zone.to_local(ms));
            // What the clock shows twice means the first time.
            EXPECT_EQ(zone.to_local(back), zone.to_local(ms)) << name << " " << format_time(ms);
            EXPECT_LE(back, ms) << name << " " << format_time(ms);
        }
    }
}

TEST(PosixZone, Rules) {
    const auto offset = [](std::string_view rule, std::string_view time) {
        const auto zone = PosixZone::parse(rule);
        return zone ? zone->offset_at(at(time) / 1000) : -1;
    };
    EXPECT_EQ(offset("UTC0", "2026-01-01"), 0);
    EXPECT_EQ(offset("<+0330>-3:30", "2026-01-01"), 12'600);
    EXPECT_EQ(offset("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59Z"), -18'000);
    EXPECT_EQ(offset("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z"), -14'400);
    EXPECT_EQ(offset("EST5EDT,M3.2.0,M11.1.0", "2026-11-01T05:59:59Z"), -14'400);
    EXPECT_EQ(offset("EST5EDT,M3.2.0,M11.1.0", "2026-11-01T06:00:00Z"), -18'000);
    // Summer lasts over the turn of the year.
    EXPECT_EQ(offset("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-12-31T12:00:00Z"), 39'600);
    EXPECT_EQ(offset("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-06-01T12:00:00Z"), 36'000);
    // J60 is March 1st in every year, 60 is February 29th or March 1st.
    EXPECT_EQ(offset("AAA0BBB,J60/0,J61/0", "2024-03-01T12:00:00Z"), 3600);
    EXPECT_EQ(offset("AAA0BBB,59/0,60/0", "2024-02-29T12:00:00Z"), 3600);
    EXPECT_EQ(offset("AAA0BBB,59/0,60/0", "2026-03-01T12:00:00Z"), 3600);
    EXPECT_EQ(offset("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z"), -7200);
    EXPECT_EQ(offset("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z"), -3600);
}

TEST(PosixZone, RefusesOthers) {
    for (const std::string_view rule :
         {"", "A0", "UTC", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0",
          "EST5EDT,M3.2.0,M11.1.0x", "<+03-3", "EST200", "EST5EDT,J0,J5", "EST5:60EDT,J1,J5"}) {
        EXPECT_FALSE(PosixZone::parse(rule)) << rule;
    }
}

TEST(ZoneRules, RefusesDamagedFiles) {
    std::ifstream file("/usr/share/zoneinfo/Europe/Berlin", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    ASSERT_TRUE(ZoneRules::parse(bytes));
    EXPECT_FALSE(ZoneRules::parse(""));
    EXPECT_FALSE(ZoneRules::parse("TZif2"));
    for (std::size_t length = 0; length < 2000 && length < bytes.size(); length += 7) {
        EXPECT_FALSE(ZoneRules::parse(std::string_view(bytes).substr(0, length))) << length;
    }
    std::string changed = bytes;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        changed[i] = static_cast<char>(changed[i] ^ 0xFF);
        if (const auto rules = ZoneRules::parse(changed)) {
            EXPECT_LE(std::abs(rules->offset_at(0)), 26 * 3600);
        }
        changed[i] = bytes[i];
    }
}

}  // namespace
}  // namespace credvault::query
