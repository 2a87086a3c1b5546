#include "json/order.h"

#include <gtest/gtest.h>

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace credvault::json {
namespace {

using Ordering = std::strong_ordering;

/// Compares in every mix of View and Value, both ways round, and expects one answer.
Ordering compared(std::string_view a, std::string_view b) {
    const View left(a);
    const View right(b);
    const Ordering order = compare(left, right);
    EXPECT_EQ(std::is_lt(compare(right, left)), std::is_gt(order)) << a << ' ' << b;
    EXPECT_EQ(std::is_gt(compare(right, left)), std::is_lt(order)) << a << ' ' << b;
    EXPECT_EQ(compare(Value(left), Value(right)), order) << a << ' ' << b;
    EXPECT_EQ(compare(left, Value(right)), order) << a << ' ' << b;
    EXPECT_EQ(equal(left, right), std::is_eq(order)) << a << ' ' << b;
    EXPECT_EQ(equal(Value(left), Value(right)), std::is_eq(order)) << a << ' ' << b;
    EXPECT_EQ(equal(left, Value(right)), std::is_eq(order)) << a << ' ' << b;
    return order;
}

const std::vector<const char*> ascending = {
    "null",
    "-1.7976931348623157e+308",
    "-9223372036854775808",
    "-1.5",
    "-1",
    "-5e-324",
    "0",
    "5e-324",
    "0.5",
    "1",
    "9007199254740992.0",
    "9007199254740993",
    "9007199254740994",
    "9223372036854775807",
    "9.223372036854776e+18",
    "1e+300",
    "\"\"",
    R"("\u0001")",
    R"("\n")",
    "\" \"",
    R"("\"")",
    "\"#\"",
    "\"A\"",
    R"("\\")",
    "\"a\"",
    R"("a\n")",
    "\"a \"",
    "\"ab\"",
    "\"z\"",
    "\"é\"",
    "\"\uFFFF\"",
    "\"😀\"",
    "{}",
    R"({"a":null})",
    R"({"a":1})",
    R"({"b":3,"a":1})",
    R"({"a":1,"c":0})",
    R"({"a":2})",
    R"({"a\n":1})",
    R"({"a ":1})",
    R"({"aa":0})",
    R"({"b":0})",
    "[]",
    "[null]",
    "[1]",
    "[1,1]",
    "[1,2]",
    "[2]",
    "[\"a\"]",
    "[{}]",
    "[[]]",
    "[[1]]",
    "[false]",
    "false",
    "true",
};

TEST(Order, IsTotalOverAllTypes) {
    for (std::size_t i = 0; i < ascending.size(); ++i) {
        for (std::size_t j = 0; j < ascending.size(); ++j) {
            EXPECT_EQ(compared(ascending[i], ascending[j]), i <=> j) << ascending[i] << ' ' << ascending[j];
        }
    }
}

TEST(Order, EqualValuesMayDifferInText) {
    EXPECT_EQ(compared("1", "1.0"), Ordering::equal);
    EXPECT_EQ(compared("0", "-0.0"), Ordering::equal);
    EXPECT_EQ(compared("1000000000000000000", "1e+18"), Ordering::equal);
    EXPECT_EQ(compared(R"({"a":1,"b":[2,{"c":3,"d":4}]})", R"({"b":[2.0,{"d":4.0,"c":3}],"a":1})"),
              Ordering::equal);
    EXPECT_EQ(compared("[1,2.0]", "[1.0,2]"), Ordering::equal);
    EXPECT_EQ(compared(R"({"a\n":1,"b":2})", R"({"b":2,"a\n":1})"), Ordering::equal);
}

TEST(Order, NumbersCompareExactly) {
    constexpr std::int64_t max = std::numeric_limits<std::int64_t>::max();
    constexpr std::int64_t min = std::numeric_limits<std::int64_t>::min();
    EXPECT_EQ(compare_numbers(max, 9223372036854775808.0), Ordering::less);
    EXPECT_EQ(compare_numbers(max, 9223372036854774784.0), Ordering::greater);
    EXPECT_EQ(compare_numbers(min, -9223372036854775808.0), Ordering::equal);
    EXPECT_EQ(compare_numbers(min, -9223372036854777856.0), Ordering::greater);
    EXPECT_EQ(compare_numbers(9007199254740993, 9007199254740992.0), Ordering::greater);
    EXPECT_EQ(compare_numbers(0, -0.0), Ordering::equal);
    EXPECT_EQ(compare_numbers(0, -0.5), Ordering::greater);
    EXPECT_EQ(compare_numbers(-1, -0.5), Ordering::less);
    EXPECT_EQ(compare_numbers(-1, -1.5), Ordering::greater);
    EXPECT_EQ(compare_numbers(1, 1.5), Ordering::less);
    EXPECT_EQ(compare_numbers(0, std::numeric_limits<double>::infinity()), Ordering::less);
}

TEST(Order, ComparesObjectsOfManyMembers) {
    std::string forward = "{";
    std::string backward = "{";
    for (int i = 0; i < 1000; ++i) {
        const std::string comma = i == 0 ? "" : ",";
        forward += comma + "\"" + std::to_string(i) + "\":" + std::to_string(i);
        backward += comma + "\"" + std::to_string(999 - i) + "\":" + std::to_string(999 - i);
    }
    EXPECT_EQ(compared(forward + "}", backward + "}"), Ordering::equal);
    EXPECT_EQ(compared(forward + "}", backward + ",\"x\":1}"), Ordering::less);
}

}  // namespace
}  // namespace credvault::json
