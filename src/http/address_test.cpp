#include "http/address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace credvault::http {
namespace {

Peer peer(const char* text) {
    sockaddr_storage storage{};
    if (std::strchr(text, ':') != nullptr) {
        auto& address = reinterpret_cast<sockaddr_in6&>(storage);
        address.sin6_family = AF_INET6;
        EXPECT_EQ(::inet_pton(AF_INET6, text, &address.sin6_addr), 1);
    } else {
        auto& address = reinterpret_cast<sockaddr_in&>(storage);
        address.sin_family = AF_INET;
        EXPECT_EQ(::inet_pton(AF_INET, text, &address.sin_addr), 1);
    }
    return Peer(storage);
}

TEST(Peer, IsWrittenWithoutItsPort) {
    EXPECT_EQ(peer("192.0.2.1").text(), "192.0.2.1");
    EXPECT_EQ(peer("::ffff:192.0.2.1").text(), "192.0.2.1");
    EXPECT_EQ(peer("2001:db8::1").text(), "2001:db8::1");
    EXPECT_EQ(peer("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").text(),
              "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}

TEST(Peer, IsCountedByAddressOrNetwork) {
    EXPECT_EQ(peer("192.0.2.1").key(), peer("::ffff:192.0.2.1").key());
    EXPECT_NE(peer("192.0.2.1").key(), peer("192.0.2.2").key());
    EXPECT_EQ(peer("2001:db8::1").key(), peer("2001:db8::ffff:0:1").key());
    EXPECT_NE(peer("2001:db8::1").key(), peer("2001:db8:0:1::1").key());
    EXPECT_NE(peer("::1").key(), peer("127.0.0.1").key());
}

TEST(ConnectionLimiter, HoldsBothLimits) {
    ConnectionLimiter limiter(3, 2);
    std::vector<ConnectionSlot> slots;
    slots.push_back(limiter.take(peer("192.0.2.1")));
    slots.push_back(limiter.take(peer("192.0.2.1")));
    EXPECT_TRUE(slots[0] && slots[1]);
    EXPECT_FALSE(limiter.take(peer("192.0.2.1")));
    EXPECT_EQ(limiter.open(), 2U);
    slots.push_back(limiter.take(peer("192.0.2.2")));
    EXPECT_TRUE(slots[2]);
    EXPECT_FALSE(limiter.take(peer("192.0.2.3")));
    slots.clear();
    EXPECT_EQ(limiter.open(), 0U);
    EXPECT_TRUE(limiter.take(peer("192.0.2.1")));
}

TEST(ConnectionSlot, IsGivenBackOnce) {
    ConnectionLimiter limiter(5, 5);
    {
        ConnectionSlot first = limiter.take(peer("192.0.2.1"));
        const ConnectionSlot second = std::move(first);
        EXPECT_TRUE(second);
        EXPECT_EQ(limiter.open(), 1U);
    }
    EXPECT_EQ(limiter.open(), 0U);
}

}  // namespace
}  // namespace credvault::http
