#include "storage/sqlite/turn.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace credvault::storage {
namespace {

TEST(Turn, GoesToThoseWhoWaitInTheirOrder) {
    Turn turn;
    std::vector<int> order;
    std::vector<std::thread> threads;
    turn.lock();
    for (int i = 0; i < 5; ++i) {
        threads.emplace_back([&turn, &order, i] {
            const std::lock_guard lock(turn);
            order.push_back(i);
        });
        while (turn.in_line() < static_cast<std::uint64_t>(i) + 2) std::this_thread::yield();
    }
    turn.unlock();
    // Whoever comes now is the last, although nobody of those in line may have woken up yet.
    {
        const std::lock_guard lock(turn);
        order.push_back(5);
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5}));
}

TEST(Turn, ExcludesOthers) {
    Turn turn;
    int count = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&turn, &count] {
            for (int n = 0; n < 2'000; ++n) {
                const std::lock_guard lock(turn);
                ++count;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(count, 8'000);
    EXPECT_EQ(turn.in_line(), 0u);
}

}  // namespace
}  // namespace credvault::storage
