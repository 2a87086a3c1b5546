#include "storage/expiry.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "json/canonical.h"

namespace credvault::storage {
namespace {

IndexSpec ttl_index(std::string_view field, std::int64_t seconds) {
    IndexSpec spec;
    spec.name = "ttl";
    spec.keys.fields = *query::parse_sort(field);
    spec.ttl_seconds = seconds;
    return spec;
}

/// Whether a record has expired at noon on the first of February 2026, in UTC.
bool expired(std::string_view record, const IndexSpec& spec) {
    const std::int64_t now = *parse_time("2026-02-01T12:00:00Z");
    const auto keys = query::index_keys(json::View(record), spec.keys);
    const query::KeyRange range = expiry_range(spec, now);
    bool found = false;
    for (const query::IndexEntry& entry : keys->entries) {
        const bool has = has_expired(entry.key, spec, now);
        EXPECT_TRUE(!has || (entry.key >= range.low && entry.key < range.high)) << record;
        found |= has;
    }
    return found;
}

TEST(Expiry, ComesSoLongAfterTheTimeWhateverItsZoneAndPrecision) {
    for (const char* field : {"at", "-at"}) {
        const IndexSpec spec = ttl_index(field, 60);
        EXPECT_TRUE(expired(R"({"at":"2026-02-01T11:59:00Z"})", spec));
        EXPECT_TRUE(expired(R"({"at":"2026-02-01T11:59:00.000Z"})", spec));
        EXPECT_FALSE(expired(R"({"at":"2026-02-01T11:59:00.001Z"})", spec));
        EXPECT_TRUE(expired(R"({"at":"2026-02-02T01:59:00+14:00"})", spec));
        EXPECT_FALSE(expired(R"({"at":"2026-02-01T11:58:00-00:30"})", spec));
        EXPECT_TRUE(expired(R"({"at":"2026-01-31"})", spec));
        EXPECT_TRUE(expired(R"({"at":"0001-01-01T00:00:00Z"})", spec));
    }
}

TEST(Expiry, OfOtherValuesNeverComes) {
    const IndexSpec spec = ttl_index("at", 0);
    for (const char* record :
         {R"({})", R"({"at":null})", R"({"at":0})", R"({"at":1700000000000})", R"({"at":""})",
          R"({"at":"soon"})", R"({"at":"2026-13-01"})", R"({"at":{"t":"2020-01-01"}})"}) {
        EXPECT_FALSE(expired(record, spec)) << record;
    }
}

TEST(Expiry, CountsTheEarliestOfSeveralTimes) {
    const IndexSpec spec = ttl_index("at", 0);
    EXPECT_TRUE(expired(R"({"at":["2030-01-01","2020-01-01"]})", spec));
    EXPECT_FALSE(expired(R"({"at":["2030-01-01",7]})", spec));
}

}  // namespace
}  // namespace credvault::storage
