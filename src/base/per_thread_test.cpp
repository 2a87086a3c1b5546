#include "base/per_thread.h"

#include <gtest/gtest.h>

#include <thread>

namespace credvault {
namespace {

TEST(PerThread, GivesEachThreadItsOwnAndTheOwnerAll) {
    const PerThread<int> counts;
    counts.mine() = 1;
    std::thread([&] {
        EXPECT_EQ(counts.mine(), 0);
        counts.mine() = 2;
    }).join();
    EXPECT_EQ(counts.mine(), 1);
    int sum = 0;
    for (const auto& count : counts.all()) sum += *count;
    EXPECT_EQ(sum, 3);
}

TEST(PerThread, KeepsSeveralApart) {
    const PerThread<int> one;
    const PerThread<int> two([] { return std::make_shared<int>(7); });
    for (int i = 0; i < 3; ++i) {
        ++one.mine();
        ++two.mine();
    }
    EXPECT_EQ(one.mine(), 3);
    EXPECT_EQ(two.mine(), 10);
    EXPECT_EQ(one.all().size(), 1U);
}

}  // namespace
}  // namespace credvault
