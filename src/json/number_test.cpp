#include "json/number.h"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "json/canonical.h"
#include "json/view.h"
#include "json/writer.h"

namespace credvault::json {
namespace {

/// 0, or the seed that --gtest_shuffle names.
unsigned test_seed() { return static_cast<unsigned>(::testing::UnitTest::GetInstance()->random_seed()); }

std::string canonical(std::string_view text) {
    const Result<std::string> result = canonicalize(text);
    return result.ok() ? *result : "refused";
}

std::string written(double value) {
    std::string out;
    append_double(out, value);
    return out;
}

TEST(Number, IntegersWithin64BitsStayExact) {
    for (const char* text : {"0", "1", "-1", "9007199254740993", "999999999999999999", "1000000000000000000",
                             "9223372036854775807", "-9223372036854775808"}) {
        EXPECT_EQ(canonical(text), text);
    }
}

TEST(Number, IntegersBeyond64BitsBecomeDoubles) {
    EXPECT_EQ(canonical("9223372036854775808"), "9.223372036854776e+18");
    EXPECT_EQ(canonical("-9223372036854775809"), "-9.223372036854776e+18");
    EXPECT_EQ(canonical("18446744073709551616"), "1.8446744073709552e+19");
    EXPECT_EQ(canonical("100000000000000000000"), "1e+20");
}

TEST(Number, MinusZeroIsADouble) {
    EXPECT_EQ(canonical("-0"), "-0.0");
    EXPECT_EQ(canonical("-0.0"), "-0.0");
    EXPECT_EQ(canonical("-0e5"), "-0.0");
    EXPECT_EQ(canonical("0.000"), "0.0");
}

TEST(Number, DoublesAreShortest) {
    const std::vector<std::pair<const char*, const char*>> cases = {
        {"1.0", "1.0"},
        {"1.50", "1.5"},
        {"1.00", "1.0"},
        {"100000.0", "100000.0"},
        {"1e5", "100000.0"},
        {"0.1", "0.1"},
        {"0.10000000000000001", "0.1"},
        {"0.30000000000000004", "0.30000000000000004"},
        {"1.000000000000000005", "1.0"},
        {"0.0001", "0.0001"},
        {"0.00012", "0.00012"},
        {"0.00001", "1e-05"},
        {"0.000099", "9.9e-05"},
        {"9999999999999998.0", "9999999999999998.0"},
        {"10000000000000000.0", "1e+16"},
        {"123456789012345.6", "123456789012345.6"},
        {"12345678901234567.0", "1.2345678901234568e+16"},
        {"1E+2", "100.0"},
        {"1.7976931348623157e308", "1.7976931348623157e+308"},
        {"5e-324", "5e-324"},
        {"2.2250738585072011e-308", "2.225073858507201e-308"},
    };
    for (const auto& [sent, expected] : cases) EXPECT_EQ(canonical(sent), expected) << sent;
}

TEST(Number, BeyondADoubleIsRefusedAndBelowIsZero) {
    EXPECT_EQ(canonical("1e308"), "1e+308");
    EXPECT_EQ(canonical("1.7976931348623159e308"), "refused");
    EXPECT_EQ(canonical("1e309"), "refused");
    EXPECT_EQ(canonical("-1e309"), "refused");
    EXPECT_EQ(canonical("0.0001e400"), "refused");
    EXPECT_EQ(canonical("1e-999"), "0.0");
    EXPECT_EQ(canonical("-1e-999"), "-0.0");
    EXPECT_EQ(canonical("123456e-999"), "0.0");
    EXPECT_EQ(canonical("2e-324"), "0.0");
    EXPECT_EQ(canonical("0e999999999999999999999"), "0.0");
    EXPECT_EQ(canonical("1e-99999999999999999999999"), "0.0");
    EXPECT_EQ(canonical("1e99999999999999999999999"), "refused");
}

TEST(Number, WritesTheFormOfPythonsRepr) {
    EXPECT_EQ(written(0.0), "0.0");
    EXPECT_EQ(written(-0.0), "-0.0");
    EXPECT_EQ(written(1e15), "1000000000000000.0");
    EXPECT_EQ(written(1e16), "1e+16");
    EXPECT_EQ(written(1e-4), "0.0001");
    EXPECT_EQ(written(1e-5), "1e-05");
    EXPECT_EQ(written(-1.5e-300), "-1.5e-300");
    EXPECT_EQ(written(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
    EXPECT_EQ(written(-std::numeric_limits<double>::denorm_min()), "-5e-324");
}

TEST(Number, EveryDoubleReadsBackAndIsStable) {
    std::mt19937_64 random(test_seed());
    for (int i = 0; i < 200'000; ++i) {
        const auto value = std::bit_cast<double>(random());
        if (!std::isfinite(value)) continue;
        const std::string text = written(value);
        ASSERT_LE(text.size(), max_double_bytes);
        ASSERT_EQ(canonical(text), text);
        ASSERT_EQ(View(text).type(), Type::Double);
        ASSERT_EQ(std::bit_cast<std::uint64_t>(View(text).as_double()), std::bit_cast<std::uint64_t>(value));
    }
}

/// A decimal of at most `digits` digits, as a person writes it.
std::string random_decimal(std::mt19937_64& random, int digits) {
    std::string text = random() % 2 == 0 ? "-" : "";
    const auto whole = static_cast<int>(random() % static_cast<unsigned>(digits));
    if (whole == 0) text.push_back('0');
    for (int i = 0; i < whole; ++i)
        text.push_back(static_cast<char>('0' + (i == 0 ? 1 + random() % 9 : random() % 10)));
    text.push_back('.');
    for (int i = whole; i < digits; ++i)
        text.push_back(static_cast<char>('0' + (random() % 3 == 0 ? 0 : random() % 10)));
    return text;
}

// The short cut that copies decimals of up to 15 digits has to agree with a conversion there and back.
TEST(Number, CopiedDecimalsAreWhatConversionWouldWrite) {
    std::mt19937_64 random(test_seed());
    for (int i = 0; i < 200'000; ++i) {
        const std::string text = random_decimal(random, 2 + static_cast<int>(random() % 17));
        double value = 0;
        ASSERT_EQ(std::from_chars(text.data(), text.data() + text.size(), value).ec, std::errc());
        ASSERT_EQ(canonical(text), written(value)) << text;
    }
}

TEST(Number, ScanStopsAtTheEndOfTheNumber) {
    const std::string_view text = "-12.5e3,";
    const NumberScan scan = scan_number(text.data(), text.data() + text.size());
    EXPECT_EQ(scan.end, text.data() + 7);
    EXPECT_TRUE(scan.wrong.empty());
    EXPECT_FALSE(scan.verbatim);
}

}  // namespace
}  // namespace credvault::json
