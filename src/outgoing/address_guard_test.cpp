// Which addresses may be called: every special range at both its ends and just beside them.
#include "outgoing/address_guard.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>

namespace credvault::outgoing {
namespace {

std::string_view use_of(const char* text) { return special_use(parse_address(text).value()); }

struct Row {
    const char* address;
    std::string_view use;
};

constexpr Row rows[] = {{"0.0.0.0", "this network"},
                        {"0.255.255.255", "this network"},
                        {"1.0.0.0", ""},
                        {"9.255.255.255", ""},
                        {"10.0.0.0", "private"},
                        {"10.255.255.255", "private"},
                        {"11.0.0.0", ""},
                        {"100.63.255.255", ""},
                        {"100.64.0.0", "carrier-grade NAT"},
                        {"100.127.255.255", "carrier-grade NAT"},
                        {"100.128.0.0", ""},
                        {"126.255.255.255", ""},
                        {"127.0.0.1", "loopback"},
                        {"127.255.255.255", "loopback"},
                        {"128.0.0.0", ""},
                        {"169.253.255.255", ""},
                        {"169.254.169.254", "link-local"},
                        {"169.255.0.0", ""},
                        {"172.15.255.255", ""},
                        {"172.16.0.0", "private"},
                        {"172.31.255.255", "private"},
                        {"172.32.0.0", ""},
                        {"192.0.0.1", "protocol assignments"},
                        {"192.0.1.0", ""},
                        {"192.0.2.1", "documentation"},
                        {"192.88.99.1", "6to4 relay"},
                        {"192.167.255.255", ""},
                        {"192.168.0.0", "private"},
                        {"192.168.255.255", "private"},
                        {"192.169.0.0", ""},
                        {"198.17.255.255", ""},
                        {"198.18.0.0", "benchmarking"},
                        {"198.19.255.255", "benchmarking"},
                        {"198.20.0.0", ""},
                        {"198.51.100.1", "documentation"},
                        {"203.0.113.255", "documentation"},
                        {"223.255.255.255", ""},
                        {"224.0.0.1", "multicast"},
                        {"239.255.255.255", "multicast"},
                        {"240.0.0.0", "reserved"},
                        {"255.255.255.254", "reserved"},
                        {"255.255.255.255", "broadcast"},
                        {"8.8.8.8", ""},
                        {"::", "unspecified"},
                        {"::1", "loopback"},
                        {"::2", "IPv4-compatible"},
                        {"::7f00:1", "IPv4-compatible"},
                        {"::ffff:127.0.0.1", "loopback"},
                        {"::ffff:8.8.8.8", ""},
                        {"64:ff9b::7f00:1", "NAT64"},
                        {"64:ff9b::808:808", "NAT64"},
                        {"64:ff9b:1::1", "NAT64"},
                        {"64:ff9b:2::1", "reserved"},
                        {"100::1", "discard"},
                        {"2001::1", "Teredo"},
                        {"2001:0:ffff::1", "Teredo"},
                        {"2001:20::1", "protocol assignments"},
                        {"2001:200::1", ""},
                        {"2001:db8::1", "documentation"},
                        {"2001:db9::1", ""},
                        {"2001:4860:4860::8888", ""},
                        {"2002:7f00:1::", "6to4"},
                        {"2002:808:808::1", "6to4"},
                        {"2003::1", ""},
                        {"3fff::1", "documentation"},
                        {"3fff:1000::1", ""},
                        {"4000::1", "reserved"},
                        {"fc00::1", "private"},
                        {"fdff::1", "private"},
                        {"fe80::1", "link-local"},
                        {"febf::1", "link-local"},
                        {"fec0::1", "site-local"},
                        {"ff02::1", "multicast"},
                        {"1234::1", "reserved"}};

TEST(AddressGuard, KnowsTheSpecialRanges) {
    for (const Row& row : rows) EXPECT_EQ(use_of(row.address), row.use) << row.address;
}

TEST(AddressGuard, AllowsWhatIsNamed) {
    const AddressGuard guard(
        {AddressRange::parse("127.0.0.1").value(), AddressRange::parse("fd00::/8").value()});
    EXPECT_TRUE(guard.refusal(parse_address("127.0.0.1").value()).empty());
    EXPECT_EQ(guard.refusal(parse_address("127.0.0.2").value()), "loopback");
    EXPECT_TRUE(guard.refusal(parse_address("fd12::1").value()).empty());
    EXPECT_EQ(guard.refusal(parse_address("fc12::1").value()), "private");
    EXPECT_EQ(guard.refusal(parse_address("10.0.0.1").value()), "private");
}

TEST(AddressGuard, RefusesMappedAddresses) {
    const AddressGuard guard;
    const Address open = parse_address("::ffff:8.8.8.8").value();
    EXPECT_TRUE(guard.refusal(open).empty());
    EXPECT_EQ(guard.refusal(open, true), "IPv4-mapped");
    EXPECT_EQ(guard.refusal(parse_address("::ffff:10.0.0.1").value(), true), "private");
}

TEST(AddressGuard, LooksAtSockets) {
    const AddressGuard guard;
    sockaddr_storage storage{};
    auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
    v4.sin_family = AF_INET;
    ::inet_pton(AF_INET, "127.0.0.1", &v4.sin_addr);
    const auto& any = reinterpret_cast<const sockaddr&>(storage);
    EXPECT_EQ(guard.refusal(any), "loopback");
    ::inet_pton(AF_INET, "8.8.8.8", &v4.sin_addr);
    EXPECT_EQ(guard.refusal(any), "");
    storage = {};
    auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
    v6.sin6_family = AF_INET6;
    ::inet_pton(AF_INET6, "::ffff:8.8.8.8", &v6.sin6_addr);
    EXPECT_EQ(guard.refusal(any), "IPv4-mapped");
    ::inet_pton(AF_INET6, "2001:4860:4860::8888", &v6.sin6_addr);
    EXPECT_EQ(guard.refusal(any), "");
    storage.ss_family = AF_UNIX;
    EXPECT_EQ(guard.refusal(any), "no internet address");
}

}  // namespace
}  // namespace credvault::outgoing
