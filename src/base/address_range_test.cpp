#include "base/address_range.h"

#include <gtest/gtest.h>

namespace credvault {
namespace {

AddressRange range(std::string_view text) {
    auto parsed = AddressRange::parse(text);
    EXPECT_TRUE(parsed.ok()) << text;
    return parsed.ok() ? *parsed : AddressRange();
}

bool holds(std::string_view in, std::string_view address) {
    const auto parsed = parse_address(address);
    EXPECT_TRUE(parsed) << address;
    return parsed && range(in).contains(*parsed);
}

TEST(AddressRange, HoldsWhatBeginsWithItsBits) {
    EXPECT_TRUE(holds("192.0.2.0/24", "192.0.2.255"));
    EXPECT_FALSE(holds("192.0.2.0/24", "192.0.3.0"));
    EXPECT_TRUE(holds("192.0.2.128/25", "192.0.2.128"));
    EXPECT_FALSE(holds("192.0.2.128/25", "192.0.2.127"));
    EXPECT_TRUE(holds("192.0.2.1", "192.0.2.1"));
    EXPECT_FALSE(holds("192.0.2.1", "192.0.2.2"));
    EXPECT_TRUE(holds("2001:db8::/33", "2001:db8:7fff::1"));
    EXPECT_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
    EXPECT_TRUE(holds("0.0.0.0/0", "203.0.113.1"));
    EXPECT_TRUE(holds("::/0", "2001:db8::1"));
}

TEST(AddressRange, TakesMappedAddressesForIpv4) {
    EXPECT_TRUE(holds("192.0.2.0/24", "::ffff:192.0.2.9"));
    EXPECT_TRUE(holds("::ffff:192.0.2.0/120", "192.0.2.9"));
    EXPECT_EQ(range("::ffff:192.0.2.0/120"), range("192.0.2.0/24"));
    EXPECT_EQ(range("::ffff:192.0.2.0/120").text(), "192.0.2.0/24");
    EXPECT_FALSE(holds("::/0", "192.0.2.9"));
    EXPECT_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
}

TEST(AddressRange, IsStrictlyRead) {
    for (const std::string_view bad : {"",
                                       "/",
                                       "192.0.2.0/",
                                       "192.0.2.0/33",
                                       "192.0.2.0/-1",
                                       "192.0.2.0/+1",
                                       "192.0.2.0/024",
                                       "192.0.2.0/24 ",
                                       " 192.0.2.0",
                                       "192.0.2",
                                       "192.0.2.01",
                                       "192.0.2.1/24",
                                       "2001:db8::1/64",
                                       "2001:db8::/129",
                                       "::/00",
                                       "fe80::1%eth0",
                                       "localhost",
                                       "192.0.2.0/24/24",
                                       "::ffff:192.0.2.0/24",
                                       "[::1]"}) {
        EXPECT_FALSE(AddressRange::parse(bad).ok()) << bad;
    }
    EXPECT_FALSE(AddressRange::parse(std::string_view("1.2.3.4\0", 8)).ok());
    EXPECT_FALSE(AddressRange::parse(std::string(10'000, '1')).ok());
}

TEST(AddressRange, WritesItsShortestForm) {
    for (const std::string_view text :
         {"192.0.2.0/24", "192.0.2.1", "2001:db8::/32", "::1", "0.0.0.0/0", "::/0"})
        EXPECT_EQ(range(text).text(), text);
    EXPECT_EQ(range("2001:0DB8:0::/32").text(), "2001:db8::/32");
    EXPECT_EQ(range("192.0.2.1/32").text(), "192.0.2.1");
}

TEST(AddressRange, ListsShareWhatIsInBoth) {
    const AddressRanges office{range("10.0.0.0/8"), range("2001:db8::/32")};
    EXPECT_EQ(common(office, {range("10.1.0.0/16"), range("192.0.2.0/24")}),
              AddressRanges{range("10.1.0.0/16")});
    EXPECT_EQ(common(office, {range("0.0.0.0/0")}), AddressRanges{range("10.0.0.0/8")});
    EXPECT_EQ(common(office, {range("::/0")}), AddressRanges{range("2001:db8::/32")});
    EXPECT_TRUE(common(office, {range("192.0.2.0/24")}).empty());
    EXPECT_EQ(common(office, office), office);
}

}  // namespace
}  // namespace credvault
