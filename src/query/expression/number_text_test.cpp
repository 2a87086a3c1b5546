#include "query/expression/number_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

namespace credvault::query {
namespace {

TEST(NumberText, ReadsWholeNumbers) {
    EXPECT_EQ(read_whole("0", 10), 0);
    EXPECT_EQ(read_whole("-0", 10), 0);
    EXPECT_EQ(read_whole("+007", 10), 7);
    EXPECT_EQ(read_whole("9223372036854775807", 10), INT64_MAX);
    EXPECT_EQ(read_whole("-9223372036854775808", 10), INT64_MIN);
    EXPECT_EQ(read_whole("ff", 16), 255);
    EXPECT_EQ(read_whole("-0xFF", 16), -255);
    EXPECT_EQ(read_whole("101", 2), 5);
    EXPECT_EQ(read_whole("17", 8), 15);
    for (const std::string_view text : {"",
                                        "-",
                                        "+",
                                        "+-1",
                                        "--1",
                                        " 1",
                                        "1 ",
                                        "1.0",
                                        ".1",
                                        "1e3",
                                        "1_000",
                                        "1,000",
                                        "a",
                                        "0x1",
                                        "true",
                                        "NaN",
                                        "9223372036854775808",
                                        "-9223372036854775809",
                                        "99999999999999999999999",
                                        "\u00b2",
                                        "\u20001"}) {
        EXPECT_FALSE(read_whole(text, 10)) << text;
    }
    EXPECT_FALSE(read_whole("2", 2));
    EXPECT_FALSE(read_whole("8", 8));
    EXPECT_FALSE(read_whole("0x", 16));
    EXPECT_FALSE(read_whole("0x-1", 16));
}

TEST(NumberText, ReadsRealNumbers) {
    EXPECT_EQ(read_real("1"), 1.0);
    EXPECT_EQ(read_real("-1.5e2"), -150.0);
    EXPECT_EQ(read_real("+.5"), 0.5);
    EXPECT_EQ(read_real("1e10"), 1e10);
    EXPECT_EQ(read_real("+0x1p1"), 2.0);
    EXPECT_EQ(read_real("0X1P0"), 1.0);
    EXPECT_EQ(read_real("+0xff"), 255.0);
    EXPECT_TRUE(std::signbit(read_real("-0").value_or(1)));
    for (const std::string_view text : {"", "-", ".", "e5", "1e", " 1", "1 ", "0x", "0xg", "--1", "+-1",
                                        "inf", "-Infinity", "nan", "1e400", "1.5.2", "1,5", "abc", "0x0x1"}) {
        EXPECT_FALSE(read_real(text)) << text;
    }
}

TEST(NumberText, Writes) {
    EXPECT_EQ(write_whole(-255, 16), "-FF");
    EXPECT_EQ(write_whole(5, 2), "101");
    EXPECT_EQ(write_whole(INT64_MIN, 2).size(), 65U);
    EXPECT_EQ(write_whole(INT64_MIN, 10), "-9223372036854775808");
    EXPECT_EQ(write_real(-3.0), "-3");
    EXPECT_EQ(write_real(-0.0), "-0");
    EXPECT_EQ(write_real(3.14), "3.14");
    EXPECT_EQ(write_real(1e16), "1e+16");
    EXPECT_EQ(write_real(9e-05), "9e-05");
    EXPECT_EQ(write_real(std::numeric_limits<double>::denorm_min()), "5e-324");
}

}  // namespace
}  // namespace credvault::query
