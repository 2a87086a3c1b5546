#include "access/usage.h"

#include <gtest/gtest.h>

#include "access/system.h"
#include "base/clock.h"
#include "base/run_loop.h"
#include "storage/memory/memory_engine.h"

namespace credvault::access {
namespace {

constexpr std::int64_t us = 1'000;
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_ms = 24 * hour_ms;

class UsageOf : public testing::Test {
protected:
    UsageOf() { workspace = *loop.wait(open_system(engine)); }

    std::vector<UsageRow> read(Usage& usage, UsageQuery query = {}) {
        query.workspace = workspace;
        if (query.from.empty()) query.from = "2000-01-01";
        if (query.to.empty()) query.to = "2999-12-31";
        auto rows = loop.wait(usage.read(std::move(query)));
        EXPECT_TRUE(rows.ok());
        return rows.ok() ? *rows : std::vector<UsageRow>();
    }
    std::shared_ptr<const Principal> key(const std::string& id, const std::string& of = {}) const {
        return std::make_shared<const Principal>(Principal{id, of.empty() ? workspace : of, {}});
    }
    void call(const std::shared_ptr<const Principal>& by, std::int64_t duration_ns) {
        meters.use(by)->count(CallClass::Standard, false, false, duration_ns);
    }
    void insert(const std::string& collection, const std::string& record) {
        storage::WriteBatch batch;
        batch.database = events_database;
        batch.operations.emplace_back(storage::InsertRecord{collection, record});
        ASSERT_TRUE(loop.wait(engine.write(batch)).ok());
    }
    /// As an earlier version left it: without what came later.
    void insert_old_day(const std::string& day, int requests) {
        insert("usage", R"({"id":")" + workspace + "." + day + R"(.key_1.standard","workspace":")" +
                            workspace + R"(","day":")" + day +
                            R"(","key":"key_1","class":"standard","requests":)" + std::to_string(requests) +
                            R"(,"limited":0,"errors":1})");
    }
    void insert_sample(const std::string& hour, int bytes) {
        insert("usage_storage", R"({"id":")" + workspace + "." + hour + R"(","workspace":")" + workspace +
                                    R"(","hour":")" + hour + R"(","records":1,"bytes":)" +
                                    std::to_string(bytes) + "}");
    }
    std::optional<std::int64_t> seconds_kept(const std::string& collection) {
        const auto info = loop.wait(engine.describe_collection(events_database, collection));
        for (const storage::IndexInfo& index : info->indexes) {
            if (index.spec.name == "expiry") return index.spec.ttl_seconds;
        }
        return {};
    }

    RunLoop loop;
    storage::MemoryEngine engine;
    std::string workspace;
    Allotments allotments{engine, TiersSettings::standard()};
    Meters meters{allotments};
};

TEST_F(UsageOf, KeysAndClassesIsSummedUpAsAsked) {
    Usage usage(engine, meters, allotments, {});
    ASSERT_TRUE(loop.wait(usage.open()).ok());
    const auto one = key("key_1");
    call(one, 1 * us);
    call(key("key_3", "ws_other"), 1 * us);
    EXPECT_EQ(read(usage).size(), 1U);
    meters.use(one)->count(CallClass::Standard, false, true, 900 * us);
    meters.use(key("key_2"))->count(CallClass::Scan, true, true, 1 * us);
    std::vector<UsageRow> rows = read(usage);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].period, day_of(now_ms()));
    EXPECT_EQ(rows[0].use.counts, (CallCounts{2, 1, 1}));
    EXPECT_EQ(rows[0].use.latencies.calls(), 2U);
    UsageQuery apart;
    apart.by_day = false;
    apart.by_class = apart.by_key = true;
    rows = read(usage, apart);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].of_class, "scan");
    EXPECT_EQ(rows[0].key, "key_2");
    EXPECT_EQ(rows[0].use.counts, (CallCounts{0, 1, 0}));
    EXPECT_FALSE(rows[0].use.latencies.percentile_ms(0.5));
    EXPECT_FALSE(rows[0].stored);
    apart.key = "key_1";
    EXPECT_EQ(read(usage, apart).size(), 1U);
}

TEST_F(UsageOf, AStartBeforeIsKept) {
    {
        Usage usage(engine, meters, allotments, {});
        ASSERT_TRUE(loop.wait(usage.open()).ok());
        call(key("key_1"), 100 * us);
        usage.stop();
    }
    Usage usage(engine, meters, allotments, {5'000, 30, 48});
    ASSERT_TRUE(loop.wait(usage.open()).ok());
    call(key("key_1"), 100 * us);
    const UsageRow row = read(usage)[0];
    EXPECT_EQ(row.use.counts.requests, 2U);
    EXPECT_EQ(row.use.latencies.calls(), 2U);
    EXPECT_EQ(seconds_kept("usage"), 30 * 86'400);
    EXPECT_EQ(seconds_kept("usage_storage"), 30 * 86'400);
    EXPECT_EQ(seconds_kept("usage_hours"), 48 * 3'600);
}

TEST_F(UsageOf, HoursAddUpToTheDay) {
    Usage usage(engine, meters, allotments, {});
    ASSERT_TRUE(loop.wait(usage.open()).ok());
    for (int i = 1; i <= 100; ++i) call(key("key_1"), i * 1'000 * us);
    UsageQuery hours;
    hours.by_day = false;
    hours.by_hour = true;
    CallUse sum;
    for (const UsageRow& row : read(usage, hours)) {
        EXPECT_EQ(row.period.size(), 24U);
        sum += row.use;
    }
    EXPECT_EQ(sum.counts.requests, 100U);
    EXPECT_NEAR(sum.latencies.percentile_ms(0.95).value_or(0), 95, 95 * Latencies::most_error);
    hours.by_key = true;
    EXPECT_EQ(read(usage, hours).front().key, "key_1");
}

TEST_F(UsageOf, DaysOfAnEarlierVersionAreRead) {
    Usage usage(engine, meters, allotments, {});
    ASSERT_TRUE(loop.wait(usage.open()).ok());
    const std::int64_t now = now_ms();
    insert_old_day(day_of(now - 3 * day_ms), 70);
    insert_old_day(day_of(now), 5);
    call(key("key_1"), 2 * us);
    const std::vector<UsageRow> rows = read(usage);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].use.counts, (CallCounts{70, 0, 1}));
    EXPECT_FALSE(rows[0].use.latencies.percentile_ms(0.5));
    EXPECT_FALSE(rows[0].stored);
    EXPECT_EQ(rows[1].use.counts, (CallCounts{6, 0, 1}));
    EXPECT_EQ(rows[1].use.latencies.percentile_ms(0.5), 0.0025);
    EXPECT_TRUE(rows[1].stored);
}

TEST_F(UsageOf, WhatWasStoredStandsUntilItChanges) {
    Usage usage(engine, meters, allotments, {});
    ASSERT_TRUE(loop.wait(usage.open()).ok());
    allotments.place("db_1", workspace);
    allotments.allowance("db_1")->set({1, 900});
    const std::int64_t now = now_ms();
    insert_sample(hour_of(now - 4 * day_ms), 10);
    insert_sample(hour_of(now - 4 * day_ms + hour_ms), 20);
    insert_sample(hour_of(now - 2 * day_ms), 30);
    const auto bytes_of = [](const std::vector<UsageRow>& rows) {
        std::vector<std::int64_t> bytes;
        for (const UsageRow& row : rows) bytes.push_back(row.stored ? row.stored->bytes : -1);
        return bytes;
    };
    // From the first that is known on each day has a row, though nobody called.
    std::vector<std::int64_t> all = bytes_of(read(usage));
    ASSERT_EQ(all.size(), 5U);
    EXPECT_EQ(all.back(), 900);
    EXPECT_EQ(all[3], 30);
    EXPECT_EQ(all[2], 30);
    // Where they fall into one day the later one stands.
    EXPECT_TRUE(all[0] == 20 || all[0] == 10);
    EXPECT_EQ(all[1], 20);
    UsageQuery middle;
    middle.from = middle.to = day_of(now - 3 * day_ms);
    EXPECT_EQ(bytes_of(read(usage, middle)), (std::vector<std::int64_t>{20}));
    UsageQuery before;
    before.from = before.to = day_of(now - 5 * day_ms);
    EXPECT_TRUE(read(usage, before).empty());
    UsageQuery hours;
    hours.by_day = false;
    hours.by_hour = true;
    all = bytes_of(read(usage, hours));
    ASSERT_EQ(all.size(), 4 * 24U + 1);
    EXPECT_EQ(all[0], 10);
    EXPECT_EQ(all[1], 20);
    EXPECT_EQ(all[47], 20);
    EXPECT_EQ(all[48], 30);
    EXPECT_EQ(all.back(), 900);
}

TEST_F(UsageOf, HoursThatAreNotKeptHaveNoRow) {
    Usage usage(engine, meters, allotments, {5'000, 30, 24});
    ASSERT_TRUE(loop.wait(usage.open()).ok());
    insert_sample(hour_of(now_ms() - 4 * day_ms), 10);
    UsageQuery hours;
    hours.by_day = false;
    hours.by_hour = true;
    EXPECT_EQ(read(usage, hours).size(), 24U);
}

class StorageOf : public UsageOf {
protected:
    StorageOf() { EXPECT_TRUE(loop.wait(history.open(86'400)).ok()); }

    std::vector<StorageSample> note(std::int64_t at_ms) {
        EXPECT_TRUE(loop.wait(history.note(at_ms)).ok());
        return *loop.wait(history.read(workspace, "", "~"));
    }

    StorageHistory history{engine, allotments};
    const std::int64_t noon = *parse_time("2026-01-31T12:00:00Z");
};

TEST_F(StorageOf, AWorkspaceIsWrittenDownWhereItHasChangedAndOnceADay) {
    allotments.place("db_1", workspace);
    const auto stock = allotments.allowance("db_1");
    stock->set({1, 100});
    EXPECT_EQ(note(noon).size(), 1U);
    EXPECT_EQ(note(noon + 2 * hour_ms).size(), 1U) << "nothing has changed";
    stock->settle({1, 50}, {});
    EXPECT_EQ(note(noon + 3 * hour_ms).size(), 2U);
    stock->settle({1, 50}, {});
    std::vector<StorageSample> samples = note(noon + 3 * hour_ms + 5'000);
    ASSERT_EQ(samples.size(), 2U);
    EXPECT_EQ(samples[0].hour, "2026-01-31T12:00:00.000Z");
    EXPECT_EQ(samples[0].stock, (storage::Stock{1, 100}));
    EXPECT_EQ(samples[1].hour, "2026-01-31T15:00:00.000Z");
    EXPECT_EQ(samples[1].stock, (storage::Stock{3, 200}));
    samples = note(noon + 12 * hour_ms);
    ASSERT_EQ(samples.size(), 3U);
    EXPECT_EQ(samples[2].hour, "2026-02-01T00:00:00.000Z");
    samples = *loop.wait(history.read(workspace, "2026-01-31T14:00:00.000Z", "2026-01-31~"));
    ASSERT_EQ(samples.size(), 2U) << "the one before, and the one within";
    EXPECT_EQ(samples[0].stock.bytes, 100);
}

TEST_F(StorageOf, ADatabaseThatIsNotCountedKeepsItsWorkspaceOut) {
    allotments.place("db_gone", workspace);
    allotments.place("db_1", workspace);
    allotments.allowance("db_1")->set({1, 100});
    EXPECT_TRUE(note(noon).empty()) << "nobody uses the workspace, so that none of its databases is opened";
    call(key("key_1"), 1 * us);
    const std::vector<StorageSample> samples = note(noon);
    ASSERT_EQ(samples.size(), 1U) << "what can't be opened is tried once, and left out";
    EXPECT_EQ(samples[0].stock, (storage::Stock{1, 100}));
}

}  // namespace
}  // namespace credvault::access
