#include "access/latencies.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace credvault::access {
namespace {

constexpr std::int64_t us = 1'000;

Latencies of(const std::vector<std::int64_t>& durations_ns) {
    Latencies all;
    for (const std::int64_t ns : durations_ns) all.add(Latencies::bucket_of(ns), 1);
    return all;
}

TEST(Latencies, BucketsFollowOneAnotherWithoutAGap) {
    std::size_t last = Latencies::bucket_of(0);
    EXPECT_EQ(last, 0U);
    for (std::int64_t at = 1; at < 200'000; ++at) {
        const std::size_t bucket = Latencies::bucket_of(at * us);
        EXPECT_TRUE(bucket == last || bucket == last + 1) << at;
        last = bucket;
    }
    EXPECT_EQ(Latencies::bucket_of(7 * us + 999), 7U);
    EXPECT_EQ(Latencies::bucket_of(8 * us), 8U);
    EXPECT_EQ(Latencies::bucket_of((std::int64_t{1} << 27) * us - 1), Latencies::buckets - 1);
    EXPECT_EQ(Latencies::bucket_of((std::int64_t{1} << 26) * us - 1), Latencies::buckets - 9);
    EXPECT_EQ(Latencies::bucket_of(INT64_MAX), Latencies::buckets - 1);
    EXPECT_EQ(Latencies::bucket_of(-5), 0U);
}

TEST(Latencies, PercentilesAreWithinTheBoundOfTheTrueOnes) {
    std::mt19937_64 random(7);
    std::lognormal_distribution<double> long_tail(13, 2.5);
    std::vector<std::int64_t> durations;
    for (int i = 0; i < 20'000; ++i)
        durations.push_back(std::min<std::int64_t>(static_cast<std::int64_t>(long_tail(random)),
                                                   std::int64_t{100'000'000'000}));
    const Latencies all = of(durations);
    std::ranges::sort(durations);
    for (const double share : {0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * 20'000));
        const double truth_ms = static_cast<double>(durations[rank - 1]) / 1e6;
        // What is rounded to a tenth of a microsecond is within that, too.
        const double allowed = std::max(truth_ms * Latencies::most_error, 0.001) + 0.0001;
        EXPECT_NEAR(all.percentile_ms(share).value_or(-1), truth_ms, allowed) << share;
    }
}

TEST(Latencies, TakeTheNearestRank) {
    std::vector<std::int64_t> durations(95, 2 * us);
    durations.insert(durations.end(), 5, 6 * us);
    const Latencies all = of(durations);
    EXPECT_EQ(all.percentile_ms(0.95), 0.0025);
    EXPECT_EQ(all.percentile_ms(0.96), 0.0065);
    EXPECT_EQ(of({6 * us}).percentile_ms(0.01), 0.0065);
    EXPECT_FALSE(Latencies().percentile_ms(0.5));
}

TEST(Latencies, OfPartsAddUpToThoseOfTheWhole) {
    const std::vector<std::int64_t> one{1 * us, 70 * us, 70 * us, 9'000 * us};
    const std::vector<std::int64_t> two{70 * us, 3'000'000 * us};
    std::vector<std::int64_t> both = one;
    both.insert(both.end(), two.begin(), two.end());
    Latencies sum = of(one);
    sum += of(two);
    EXPECT_EQ(sum, of(both));
    EXPECT_EQ(sum.calls(), 6U);
}

TEST(Latencies, AreReadAsTheyWereStored) {
    const Latencies all = of({1 * us, 70 * us, 70 * us, 3'000'000 * us});
    const std::string text = all.stored().text();
    EXPECT_EQ(Latencies::from_stored(json::View(text)), all);
    for (const char* broken : {"null", "{}", "[\"a\",1]", "[200,1]", "[-1,1]", "[3]", "[3,-1]", "[3,0]"})
        EXPECT_EQ(Latencies::from_stored(json::View(broken)), Latencies()) << broken;
}

}  // namespace
}  // namespace credvault::access
