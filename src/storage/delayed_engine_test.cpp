#include "storage/delayed_engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "storage/memory/memory_engine.h"

namespace credvault::storage {
namespace {

TEST(DelayedEngine, answers_later_on_the_thread_that_asked) {
    RunLoop loop;
    MemoryEngine memory;
    DelayedEngine engine(memory);
    Reply<void> reply = engine.create_database("db_1");
    EXPECT_FALSE(reply.ready());
    EXPECT_TRUE(loop.wait(std::move(reply)).ok());
    EXPECT_EQ(*loop.wait(engine.list_databases()), std::vector<std::string>{"db_1"});
    const auto asked = std::this_thread::get_id();
    std::thread::id answered;
    engine.describe_database("none").then([&](Result<DatabaseInfo> result) {
        EXPECT_EQ(result.error().code, ErrorCode::DATABASE_NOT_FOUND);
        answered = std::this_thread::get_id();
    });
    while (answered == std::thread::id()) loop.run_one();
    EXPECT_EQ(answered, asked);
}

TEST(DelayedEngine, answers_many_in_any_order) {
    RunLoop loop;
    MemoryEngine memory;
    DelayedEngine engine(memory);
    std::vector<std::size_t> order;
    constexpr std::size_t count = 200;
    for (std::size_t i = 0; i < count; ++i) {
        engine.list_databases().then([&order, i](Result<std::vector<std::string>> result) {
            EXPECT_TRUE(result.ok());
            order.push_back(i);
        });
    }
    while (order.size() < count) loop.run_one();
    EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(order[i], i);
}

TEST(DelayedEngine, waits_for_answers_that_nobody_wants) {
    RunLoop loop;
    MemoryEngine memory;
    {
        DelayedEngine engine(memory);
        { const Reply<void> dropped = engine.create_database("db_1"); }
        while (memory.health().size() < 2) std::this_thread::yield();
        loop.run_one();
    }
    EXPECT_EQ(*loop.wait(memory.list_databases()), std::vector<std::string>{"db_1"});
}

}  // namespace
}  // namespace credvault::storage
