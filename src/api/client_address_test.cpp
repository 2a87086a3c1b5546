#include "api/client_address.h"

#include <gtest/gtest.h>

#include "api/fixture.h"

namespace credvault::api {
namespace {

std::string seen(std::string_view peer, const std::vector<http::Field>& fields,
                 std::string_view field = "X-Forwarded-For") {
    const ClientAddresses addresses({"10.0.0.0/8", "2001:db8::/32"}, field);
    FakeRequest request(http::Method::Get, "/");
    request.remote_address = peer;
    for (const http::Field& one : fields) request.with(one.name, one.value);
    return std::string(addresses.of(request));
}

TEST(ClientAddress, IsThePeerWhereNobodyIsTrusted) {
    FakeRequest request(http::Method::Get, "/");
    request.with("X-Forwarded-For", "192.0.2.7");
    EXPECT_EQ(ClientAddresses({}, "X-Forwarded-For").of(request), "127.0.0.1");
    EXPECT_EQ(seen("192.0.2.1", {{"X-Forwarded-For", "198.51.100.1"}}), "192.0.2.1");
}

TEST(ClientAddress, IsTheLastOneThatNoTrustedProxyHas) {
    EXPECT_EQ(seen("10.0.0.1", {{"X-Forwarded-For", "192.0.2.7"}}), "192.0.2.7");
    EXPECT_EQ(seen("10.0.0.1", {{"x-forwarded-for", "203.0.113.9, 192.0.2.7, 10.1.2.3"}}), "192.0.2.7");
    EXPECT_EQ(seen("::ffff:10.0.0.1", {{"X-Forwarded-For", "192.0.2.7:8080"}}), "192.0.2.7");
    EXPECT_EQ(seen("2001:db8::1", {{"X-Forwarded-For", "[2001:dead::1]:99"}}), "2001:dead::1");
    EXPECT_EQ(seen("10.0.0.1", {{"X-Forwarded-For", "2001:dead::1"}}), "2001:dead::1");
    EXPECT_EQ(seen("10.0.0.1", {{"X-Forwarded-For", "10.0.0.9"}}), "10.0.0.9");
    EXPECT_EQ(seen("10.0.0.1", {}), "10.0.0.1");
    // Lines are one list.
    EXPECT_EQ(seen("10.0.0.1", {{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-For", "192.0.2.2"}}),
              "192.0.2.2");
    EXPECT_EQ(seen("10.0.0.1", {{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-For", "10.0.0.7"}}),
              "192.0.2.1");
}

TEST(ClientAddress, IsReadFromForwarded) {
    const auto standard = [](std::string_view line) {
        return seen("10.0.0.1", {{"Forwarded", line}}, "Forwarded");
    };
    EXPECT_EQ(standard("for=192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(standard("For=\"[2001:dead::1]:4711\";proto=https;by=10.0.0.1"), "2001:dead::1");
    EXPECT_EQ(standard("for=192.0.2.1, proto=http;for=192.0.2.2, for=10.0.0.2"), "192.0.2.2");
    for (const std::string_view bad :
         {"for=_hidden", "for=unknown", "proto=https", "for=", "for=\"192.0.2.1", "for=1.2.3.4;for=2.3.4.5",
          "for = 192.0.2.1 x", "192.0.2.1", "for=\"192.0.2.1\\\"\"", "for=\"192.0.2.1\"x", "for=192.0.2.1,",
          "for=192.0.2.1;", "for=\"[1.2.3.4]\"", ""}) {
        EXPECT_EQ(standard(bad), "unknown") << bad;
    }
}

TEST(ClientAddress, LooksAtNoFieldButTheNamedOne) {
    EXPECT_EQ(seen("10.0.0.1", {{"Forwarded", "for=192.0.2.7"}}), "10.0.0.1");
    EXPECT_EQ(seen("10.0.0.1", {{"X-Forwarded-For", "192.0.2.7"}}, "Forwarded"), "10.0.0.1");
}

TEST(ClientAddress, OfAnElementThatIsNoneIsUnknown) {
    for (const std::string_view bad :
         {"unknown", "a.example", "192.0.2.1:", "192.0.2.1:x", "192.0.2.1:123456", "[192.0.2.1]",
          "[2001:db8::1", "[2001:db8::1]x", "1.2.3", "01.2.3.4", "192.0.2.1,", ",192.0.2.1",
          "192.0.2.1 192.0.2.2", "fe80::1%eth0"}) {
        EXPECT_EQ(seen("10.0.0.1", {{"X-Forwarded-For", bad}}), "unknown") << bad;
    }
    // What stands behind the client is whatever the client sent.
    EXPECT_EQ(seen("10.0.0.1", {{"X-Forwarded-For", "nonsense, 192.0.2.7"}}), "192.0.2.7");
}

TEST(ClientAddress, RangesAreCheckedByTheConfiguration) {
    EXPECT_TRUE(ClientAddresses::check({"10.0.0.0/8", "::1"}).ok());
    EXPECT_FALSE(ClientAddresses::check({"10.0.0.1/8"}).ok());
    EXPECT_FALSE(ClientAddresses::check({"localhost"}).ok());
}

}  // namespace
}  // namespace credvault::api
