// Who gets how much of the page caches.
#include "storage/sqlite/cache_budget.h"

#include <gtest/gtest.h>

#include <deque>

namespace credvault::storage {
namespace {

constexpr std::size_t mib = std::size_t{1} << 20;
constexpr std::size_t least = mib / 16;

void fill(CacheGrant& grant) {
    while (grant.fit(grant.bytes())) {
    }
}

TEST(CacheBudget, GrowsWithWhatIsUsedUpToTheMost) {
    CacheBudget budget(64 * mib, least, 8 * mib);
    CacheGrant grant(budget);
    EXPECT_EQ(grant.bytes(), least);
    EXPECT_FALSE(grant.fit(grant.bytes() / 2));
    EXPECT_TRUE(grant.fit(grant.bytes()));
    EXPECT_EQ(grant.bytes(), 2 * least);
    fill(grant);
    EXPECT_EQ(grant.bytes(), 8 * mib);
}

TEST(CacheBudget, LeavesABusyConnectionItsCacheBesideIdleOnes) {
    CacheBudget budget(64 * mib, least, 8 * mib);
    std::deque<CacheGrant> idle;
    for (int i = 0; i < 200; ++i) idle.emplace_back(budget);
    CacheGrant busy(budget);
    fill(busy);
    EXPECT_EQ(busy.bytes(), 8 * mib);
}

TEST(CacheBudget, DividesEquallyOnceAllIsGiven) {
    CacheBudget budget(8 * mib, least, 4 * mib);
    std::deque<CacheGrant> busy;
    for (int i = 0; i < 8; ++i) busy.emplace_back(budget);
    for (int round = 0; round < 3; ++round) {
        for (CacheGrant& grant : busy) fill(grant);
    }
    for (const CacheGrant& grant : busy) {
        EXPECT_GE(grant.bytes(), mib);
        EXPECT_LE(grant.bytes(), 4 * mib);
    }
    EXPECT_LE(budget.granted(), 8 * mib + 4 * mib);
}

TEST(CacheBudget, TakesBackFromTheRichWhenOthersNeedIt) {
    CacheBudget budget(8 * mib, least, 8 * mib);
    CacheGrant rich(budget);
    fill(rich);
    ASSERT_EQ(rich.bytes(), 8 * mib);
    CacheGrant other(budget);
    fill(other);
    EXPECT_EQ(other.bytes(), 4 * mib) << "an equal share is everybody's right";
    EXPECT_TRUE(rich.fit(rich.bytes()));
    EXPECT_EQ(rich.bytes(), 4 * mib);
    EXPECT_EQ(budget.granted(), 8 * mib);
}

TEST(CacheBudget, GivesBackWhatEnds) {
    CacheBudget budget(8 * mib, least, 8 * mib);
    {
        CacheGrant grant(budget);
        fill(grant);
    }
    EXPECT_EQ(budget.granted(), 0u);
}

}  // namespace
}  // namespace credvault::storage
