#include "base/ids.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <thread>
#include <vector>

namespace credvault {
namespace {

constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

bool is_ulid(std::string_view text) {
    return text.size() == 26 && text[0] <= '7' && text.find_first_not_of(crockford) == std::string_view::npos;
}

TEST(Ulid, has_the_form_of_the_specification) {
    UlidGenerator ulids;
    EXPECT_TRUE(is_ulid(ulids.next(1'700'000'000'000)));
    EXPECT_EQ(UlidGenerator().next(1'469'918'176'385).substr(0, 10), "01ARYZ6S41")
        << "the specification's example";
}

TEST(Ulid, rises_within_a_millisecond_and_when_the_clock_goes_back) {
    UlidGenerator ulids;
    std::string last;
    for (int i = 0; i < 1000; ++i) {
        const std::string next = ulids.next(1'700'000'000'000 - i / 10);
        ASSERT_LT(last, next);
        last = next;
    }
}

TEST(Ulid, takes_times_that_are_none) {
    UlidGenerator ulids;
    const std::string first = ulids.next(-5);
    EXPECT_TRUE(is_ulid(first));
    EXPECT_LT(first, ulids.next(0));
}

TEST(Ulid, rises_beyond_what_it_observed) {
    UlidGenerator ulids;
    const std::string seen = "7ZZZZZZZZY0000000000000000";
    ulids.observe(seen);
    const std::string next = ulids.next(1);
    EXPECT_TRUE(is_ulid(next));
    EXPECT_GT(next, seen);
    ulids.observe("01000000000000000000000000");
    EXPECT_GT(ulids.next(1), next) << "an older one changes nothing";
}

TEST(Ulid, carries_from_its_random_part) {
    UlidGenerator ulids;
    ulids.observe("01ARZ3NDEKZZZZZZZZZZZZZZZY");
    EXPECT_EQ(ulids.next(1), "01ARZ3NDEKZZZZZZZZZZZZZZZZ");
    EXPECT_EQ(ulids.next(1), "01ARZ3NDEM0000000000000000");
    ulids.observe("01ARZ3NDEM0000000ZZZZZZZZZ");
    EXPECT_EQ(ulids.next(1), "01ARZ3NDEM0000001000000000");
}

TEST(Ulid, ignores_what_is_no_ulid) {
    UlidGenerator ulids;
    const std::string before = ulids.next(1'700'000'000'000);
    for (const char* text : {"", "zzzz", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "7ZZZZZZZZZZZZZZZZZZZZZZZZU",
                             "7zzzzzzzzzzzzzzzzzzzzzzzzz", "7ZZZZZZZZZZZZZZZZZZZZZZZZZZ"}) {
        ulids.observe(text);
    }
    EXPECT_EQ(ulids.next(1'700'000'000'000).substr(0, 10), before.substr(0, 10));
}

TEST(Ulid, rises_over_threads) {
    UlidGenerator ulids;
    constexpr int per_thread = 2000;
    std::vector<std::vector<std::string>> made(4);
    {
        std::vector<std::jthread> threads;
        for (auto& mine : made) {
            threads.emplace_back([&ulids, &mine] {
                for (int i = 0; i < per_thread; ++i) {
                    mine.push_back(ulids.next(1'700'000'000'000 + i / 100));
                    if (i % 50 == 0) ulids.observe(mine.back());
                }
            });
        }
    }
    std::set<std::string> all;
    for (const auto& mine : made) {
        EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end()));
        all.insert(mine.begin(), mine.end());
    }
    EXPECT_EQ(all.size(), made.size() * per_thread);
}

TEST(RandomText, is_of_base_62_and_never_the_same) {
    std::set<std::string> seen;
    std::set<char> used;
    for (int i = 0; i < 500; ++i) {
        const std::string text = random_text(20);
        ASSERT_EQ(text.size(), 20u);
        for (const char c : text) {
            ASSERT_TRUE(std::isalnum(static_cast<unsigned char>(c)));
            used.insert(c);
        }
        seen.insert(text);
    }
    EXPECT_EQ(seen.size(), 500u);
    EXPECT_EQ(used.size(), 62u);
    EXPECT_EQ(random_text(0), "");
}

TEST(MakeId, begins_with_its_prefix) {
    const std::string id = make_id("key");
    EXPECT_EQ(id.size(), 24u);
    EXPECT_TRUE(id.starts_with("key_"));
}

}  // namespace
}  // namespace credvault
