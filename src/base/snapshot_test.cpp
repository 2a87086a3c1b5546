#include "base/snapshot.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace credvault {
namespace {

TEST(Snapshot, gives_the_newest_value) {
    Snapshot<int> snapshot(std::make_shared<const int>(1));
    EXPECT_EQ(*snapshot.read(), 1);
    const auto kept = snapshot.read();
    snapshot.publish(std::make_shared<const int>(2));
    EXPECT_EQ(*snapshot.read(), 2);
    EXPECT_EQ(*kept, 1);
}

TEST(Snapshot, keeps_several_apart_in_one_thread) {
    Snapshot<int> a(std::make_shared<const int>(1));
    Snapshot<int> b(std::make_shared<const int>(2));
    EXPECT_EQ(*a.read() + *b.read(), 3);
    a.publish(std::make_shared<const int>(10));
    EXPECT_EQ(*a.read() + *b.read(), 12);
}

TEST(Snapshot, never_goes_back_in_any_thread) {
    Snapshot<int> snapshot(std::make_shared<const int>(0));
    std::vector<std::jthread> readers;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&snapshot] {
            for (int last = 0; last < 1000;) {
                const int now = *snapshot.read();
                ASSERT_GE(now, last);
                last = now;
            }
        });
    }
    for (int value = 1; value <= 1000; ++value) {
        snapshot.publish(std::make_shared<const int>(value));
        ASSERT_EQ(*snapshot.read(), value) << "a thread sees what it published";
    }
}

}  // namespace
}  // namespace credvault
