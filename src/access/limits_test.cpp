#include <gtest/gtest.h>

#include <thread>

#include "access/address_limiter.h"
#include "access/allotments.h"
#include "access/meters.h"
#include "access/system.h"
#include "base/clock.h"
#include "base/run_loop.h"
#include "storage/memory/memory_engine.h"

namespace credvault::access {
namespace {

constexpr std::int64_t second = 1'000'000'000;

/// How many of so many requests at one moment pass.
int passing(BudgetWord& word, const Budget& budget, std::int64_t now, int requests) {
    int passed = 0;
    for (int i = 0; i < requests; ++i) passed += admit(word, budget, now).admitted ? 1 : 0;
    return passed;
}

TEST(Gcra, LetsABurstPassAndNoMore) {
    const Budget budget({60, 60, 10});
    BudgetWord word{0};
    for (int left = 9; left >= 0; --left) {
        const Admission passed = admit(word, budget, 100 * second);
        EXPECT_TRUE(passed.admitted);
        EXPECT_EQ(passed.remaining, left);
        EXPECT_EQ(passed.whole_ns, (10 - left) * second);
    }
    const Admission refused = admit(word, budget, 100 * second);
    EXPECT_FALSE(refused.admitted);
    EXPECT_EQ(refused.remaining, 0);
    EXPECT_EQ(refused.wait_ns, second);
    EXPECT_EQ(refused.whole_ns, 10 * second);
}

TEST(Gcra, LetsTheNextOnePassAfterTheWaitItNamed) {
    const Budget budget({60, 60, 10});
    BudgetWord word{0};
    passing(word, budget, 100 * second, 10);
    EXPECT_FALSE(admit(word, budget, 101 * second - 1).admitted);
    EXPECT_TRUE(admit(word, budget, 101 * second).admitted);
    EXPECT_FALSE(admit(word, budget, 101 * second).admitted);
    EXPECT_EQ(passing(word, budget, 1'000 * second, 100), 10);
}

TEST(Gcra, AtThreeTimesTheLimitExactlyLimitAndBurstPass) {
    const Budget budget({600, 60, 120});
    BudgetWord word{0};
    int passed = 0;
    for (std::int64_t i = 0; i < 1'800; ++i)
        passed += admit(word, budget, 7 * second + i * 60 * second / 1'800).admitted ? 1 : 0;
    EXPECT_NEAR(passed, 720, 1);
}

TEST(Gcra, GivesBackWhatWasTakenForNothing) {
    const Budget budget({60, 60, 2});
    BudgetWord word{0};
    EXPECT_TRUE(admit(word, budget, second).admitted);
    EXPECT_TRUE(admit(word, budget, second).admitted);
    give_back(word, budget);
    EXPECT_EQ(look(word, budget, second).remaining, 1);
    EXPECT_TRUE(admit(word, budget, second).admitted);
    EXPECT_FALSE(admit(word, budget, second).admitted);
}

TEST(Gcra, CountsExactlyWhereThreadsShareTheWord) {
    const Budget budget({1'000, 60, 1'000});
    BudgetWord word{0};
    std::atomic<int> passed{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] { passed += passing(word, budget, 5 * second, 500); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(passed, 1'000);
}

TEST(TierTest, StatesItsPolicyByClass) {
    const Tiers tiers(TiersSettings::standard());
    EXPECT_EQ(tiers.find("free")->policy(CallClass::Standard),
              R"("default";q=600;w=60, "workspace";q=1200;w=60)");
    EXPECT_EQ(tiers.find("free")->policy(CallClass::Scan),
              R"("scan";q=300;w=60, "workspace-scan";q=600;w=60)");
    EXPECT_EQ(tiers.find("enterprise")->policy(CallClass::Standard), "");
    EXPECT_EQ(tiers.find("gold"), nullptr);
    EXPECT_EQ(&tiers.standard(), tiers.find("enterprise"));
}

TEST(AllotmentTest, HasItsQuotasAtTheirEdges) {
    TierSettings settings;
    settings.records = 3;
    settings.storage_bytes = 100;
    const Tier tier("free", settings);
    Allotment allotment("ws_1", tier);
    EXPECT_TRUE(allotment.claim({2, 60}).ok());
    EXPECT_FALSE(allotment.claim({2, 10}).ok());
    EXPECT_FALSE(allotment.claim({1, 41}).ok());
    EXPECT_EQ(allotment.stored(), (storage::Stock{2, 60}));
    EXPECT_TRUE(allotment.claim({1, 40}).ok());
    const Status beyond = allotment.claim({1, 0});
    ASSERT_FALSE(beyond.ok());
    EXPECT_EQ(beyond.error().code, ErrorCode::QUOTA_EXCEEDED);
    EXPECT_NE(beyond.error().message.find("3 records"), std::string::npos);
}

TEST(AllotmentTest, HasSoManyCallsInFlight) {
    const Tier tier("free", {});
    auto allotment = std::make_shared<Allotment>("ws_1", tier);
    ASSERT_TRUE(allotment->begin_call(2));
    CallSlot first(allotment);
    ASSERT_TRUE(allotment->begin_call(2));
    {
        const CallSlot second_call(allotment);
        EXPECT_FALSE(allotment->begin_call(2));
        EXPECT_EQ(allotment->in_flight(), 2);
    }
    EXPECT_TRUE(allotment->begin_call(2));
    first = CallSlot(allotment);
    EXPECT_EQ(allotment->in_flight(), 1);
    const CallSlot moved(std::move(first));
    EXPECT_EQ(allotment->in_flight(), 1);
}

int address_passes(AddressLimiter& limiter, std::string_view address, int requests) {
    int passed = 0;
    for (int i = 0; i < requests; ++i) passed += limiter.admit(address, second).admitted ? 1 : 0;
    return passed;
}

TEST(AddressLimiterTest, CountsAddressesApart) {
    AddressLimiter limiter({60, 60, 5, 1'000});
    EXPECT_EQ(address_passes(limiter, "192.0.2.1", 9), 5);
    EXPECT_EQ(address_passes(limiter, "192.0.2.2", 9), 5);
    EXPECT_EQ(address_passes(limiter, "::ffff:192.0.2.1", 9), 0);
    EXPECT_EQ(address_passes(limiter, "2001:db8::1", 3), 3);
    EXPECT_EQ(address_passes(limiter, "2001:db8::ffff:1", 9), 2);
    EXPECT_EQ(address_passes(limiter, "2001:db8:0:1::1", 9), 5);
    EXPECT_EQ(address_passes(limiter, "", 9), 5);
}

TEST(AddressLimiterTest, KeepsABoundedNumberAndPutsUpWithMore) {
    AddressLimiter limiter({60, 60, 1, 64});
    int passed = 0;
    for (int i = 0; i < 20'000; ++i)
        passed +=
            address_passes(limiter, "10.1." + std::to_string(i / 200) + "." + std::to_string(i % 200), 1);
    EXPECT_EQ(passed, 20'000);
    EXPECT_EQ(address_passes(limiter, "192.0.2.1", 2), 1);
}

/// Settings of which the tier "free" is small.
TiersSettings small_tiers() {
    TiersSettings settings;
    settings.tiers[0].records = 2;
    settings.tiers[0].counted = {1, 0, 0};
    settings.default_tier = "free";
    return settings;
}

class Registry : public testing::Test {
protected:
    Registry() { workspace = *loop.wait(open_system(engine)); }

    Status add_key(Allotments& allotments, const std::string& id, const std::string& of) {
        storage::WriteBatch batch;
        batch.database = system_database;
        if (auto room = allotments.room(of, Counted::Keys)) batch.operations.emplace_back(std::move(*room));
        const std::string record = R"({"id":")" + id + R"(","workspace":")" + of + R"(","status":"active"})";
        batch.operations.emplace_back(storage::InsertRecord{api_keys_collection, record});
        const auto written = loop.wait(engine.write(batch));
        return written.ok() ? Status() : Status(written.error());
    }

    RunLoop loop;
    storage::MemoryEngine engine;
    std::string workspace;
};

TEST_F(Registry, WritesTheStandardTierDownOnce) {
    Allotments first(engine, small_tiers());
    ASSERT_TRUE(loop.wait(first.load()).ok());
    EXPECT_EQ(first.of(workspace)->tier().name(), "free");
    TiersSettings others = small_tiers();
    others.default_tier = "pro";
    Allotments second_start(engine, others);
    ASSERT_TRUE(loop.wait(second_start.load()).ok());
    EXPECT_EQ(second_start.of(workspace)->tier().name(), "free");
    EXPECT_EQ(second_start.of("ws_new")->tier().name(), "pro");
}

TEST_F(Registry, AChangeOfTierLastsAndIsChecked) {
    Allotments allotments(engine, small_tiers());
    ASSERT_TRUE(loop.wait(allotments.load()).ok());
    const auto refused = loop.wait(allotments.change_tier(workspace, "gold", "usr_1"));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().field, "tier");
    ASSERT_TRUE(loop.wait(allotments.change_tier(workspace, "pro", "usr_1")).ok());
    EXPECT_EQ(allotments.of(workspace)->tier().name(), "pro");
    Allotments later(engine, small_tiers());
    ASSERT_TRUE(loop.wait(later.load()).ok());
    EXPECT_EQ(later.of(workspace)->tier().name(), "pro");
}

TEST_F(Registry, ThereIsRoomForSoManyKeysOfAWorkspace) {
    Allotments allotments(engine, small_tiers());
    ASSERT_TRUE(loop.wait(allotments.load()).ok());
    EXPECT_TRUE(add_key(allotments, "key_1", workspace).ok());
    EXPECT_EQ(*loop.wait(allotments.count(workspace, Counted::Keys)), 1);
    const Status beyond = add_key(allotments, "key_2", workspace);
    ASSERT_FALSE(beyond.ok());
    EXPECT_EQ(beyond.error().code, ErrorCode::QUOTA_EXCEEDED);
    EXPECT_NE(beyond.error().message.find("API keys"), std::string::npos);
    EXPECT_TRUE(add_key(allotments, "key_3", "ws_other").ok());
    EXPECT_FALSE(allotments.room(workspace, Counted::Members));
    EXPECT_EQ(*loop.wait(allotments.count(workspace, Counted::Webhooks)), 0);
}

TEST_F(Registry, DatabasesCountForWhoseTheyAre) {
    Allotments allotments(engine, small_tiers());
    const std::shared_ptr<storage::Allowance> one = allotments.allowance("db_1");
    one->set({1, 10});
    EXPECT_EQ(allotments.of(workspace)->stored(), storage::Stock());
    allotments.place("db_1", workspace);
    allotments.place("db_2", workspace);
    EXPECT_EQ(allotments.of(workspace)->stored(), (storage::Stock{1, 10}));
    const std::shared_ptr<storage::Allowance> two = allotments.allowance("db_2");
    EXPECT_TRUE(two->claim({1, 10}).ok());
    EXPECT_FALSE(one->claim({1, 10}).ok());
    two->settle({}, {1, 10});
    EXPECT_TRUE(one->claim({1, 5}).ok());
    one->settle({1, 5}, {1, 5});
    EXPECT_EQ(allotments.of(workspace)->stored(), (storage::Stock{2, 15}));
    allotments.forget("db_1");
    EXPECT_EQ(allotments.of(workspace)->stored(), storage::Stock());
    one->settle({1, 5}, {});
    EXPECT_EQ(allotments.of(workspace)->stored(), storage::Stock());
}

TEST_F(Registry, AMeterIsTheSameForAllWhoAsk) {
    Allotments allotments(engine, small_tiers());
    const std::shared_ptr<Meter> meter = allotments.meter(workspace, "key_1");
    EXPECT_EQ(allotments.meter(workspace, "key_1"), meter);
    EXPECT_NE(allotments.meter("ws_other", "key_1"), meter);
    meter->word(CallClass::Standard) = INT64_MAX;
    std::weak_ptr<Meter> idle = allotments.meter(workspace, "key_2");
    for (int i = 0; i < 5'000; ++i) (void)allotments.meter(workspace, "key_" + std::to_string(i));
    EXPECT_TRUE(idle.expired());
    EXPECT_EQ(allotments.meter(workspace, "key_1"), meter);
}

std::shared_ptr<const Principal> key_of(const std::string& workspace, const std::string& id) {
    return std::make_shared<const Principal>(Principal{id, workspace, {}});
}

TEST_F(Registry, MetersGatherWhatAllThreadsCounted) {
    Allotments allotments(engine, small_tiers());
    Meters meters(allotments);
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            const auto principal = key_of(workspace, "key_1");
            for (int n = 0; n < 10; ++n) meters.use(principal)->count(CallClass::Scan, n == 0, n == 1, 1'000);
        });
    }
    for (std::thread& thread : threads) thread.join();
    const std::vector<MeterCounts> taken = meters.take();
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken.front().counts[1], (CallCounts{27, 3, 3}));
    EXPECT_EQ(taken.front().counts[0], CallCounts());
    EXPECT_EQ(taken.front().latencies[1].calls(), 27U);
    EXPECT_TRUE(meters.take().empty());
}

TEST_F(Registry, MetersOfCredentialsThatAreReadAnewLoseNoCount) {
    Allotments allotments(engine, small_tiers());
    Meters meters(allotments);
    const std::shared_ptr<MeterUse> in_flight = meters.use(key_of(workspace, "key_1"));
    for (int i = 0; i < 3'000; ++i)
        meters.use(key_of(workspace, "key_1"))->count(CallClass::Standard, false, false, 1'000);
    MeterCounts all = meters.take().front();
    in_flight->count(CallClass::Standard, false, false, 1'000);
    for (const MeterCounts& more : meters.take()) {
        all.counts[0] += more.counts[0];
        all.latencies[0] += more.latencies[0];
    }
    EXPECT_EQ(all.counts[0].requests, 3'001U);
    EXPECT_EQ(all.latencies[0].calls(), 3'001U);
}

}  // namespace
}  // namespace credvault::access
