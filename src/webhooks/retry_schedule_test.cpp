// The schedule of retries, its jitter, and what receivers ask for.
#include "webhooks/retry_schedule.h"

#include <gtest/gtest.h>

namespace credvault::webhooks {
namespace {

constexpr std::int64_t hour = 3'600'000;

TEST(RetrySchedule, IsTheDocumentedOne) {
    const std::vector<std::int64_t> planned{5'000,     300'000,   1'800'000, 2 * hour, 5 * hour,
                                            10 * hour, 14 * hour, 20 * hour, 24 * hour};
    for (int tries = 1; tries <= 9; ++tries)
        EXPECT_EQ(retry_wait_ms(tries, 0.5), planned[static_cast<std::size_t>(tries) - 1]) << tries;
    EXPECT_FALSE(retry_wait_ms(10, 0.5));
    EXPECT_FALSE(retry_wait_ms(0, 0.5));
}

TEST(RetrySchedule, VariesByATenth) {
    EXPECT_EQ(retry_wait_ms(1, 0.0), 4'500);
    EXPECT_NEAR(static_cast<double>(*retry_wait_ms(1, 0.999999)), 5'500, 1);
}

TEST(RetrySchedule, HeedsTheReceiver) {
    EXPECT_EQ(retry_wait_ms(1, 0.5, 60'000), 60'000);
    EXPECT_EQ(retry_wait_ms(2, 0.5, 60'000), 300'000) << "it never makes a wait shorter";
    EXPECT_EQ(retry_wait_ms(1, 0.5, 1'000 * hour), 24 * hour) << "nor endless";
}

TEST(RetrySchedule, ReadsRetryAfter) {
    EXPECT_EQ(retry_after_ms("120", 0), 120'000);
    EXPECT_EQ(retry_after_ms("0", 0), 0);
    EXPECT_EQ(retry_after_ms("-5", 0), 0);
    EXPECT_EQ(retry_after_ms("", 0), 0);
    EXPECT_EQ(retry_after_ms("soon", 0), 0);
    EXPECT_EQ(retry_after_ms("99999999999999999999", 0), std::int64_t{366} * 24 * hour);
    EXPECT_EQ(retry_after_ms("Fri, 31 Dec 1999 23:59:59 GMT", 946'684'790'000), 9'000);
    EXPECT_EQ(retry_after_ms("Fri, 31 Dec 1999 23:59:59 GMT", 946'684'800'000), 0) << "it has passed";
}

}  // namespace
}  // namespace credvault::webhooks
