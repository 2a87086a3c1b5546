#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "query/expression/expression_testing.h"

namespace credvault::query {
namespace {

using Values = std::vector<ValueCase>;
using Errors = std::vector<ErrorCase>;

double value(std::string_view expression) { return std::strtod(evaluate(expression).value.c_str(), nullptr); }

TEST(TrigonometryOperators, Values) {
    check(Values{
        {R"({"$sin":0})", "{}", "0.0"},
        {R"({"$cos":0})", "{}", "1.0"},
        {R"({"$tan":0})", "{}", "0.0"},
        {R"({"$asin":0})", "{}", "0.0"},
        {R"({"$acos":1})", "{}", "0.0"},
        {R"({"$atan":0})", "{}", "0.0"},
        {R"({"$atan2":[0,1]})", "{}", "0.0"},
        {R"({"$sinh":0})", "{}", "0.0"},
        {R"({"$cosh":0})", "{}", "1.0"},
        {R"({"$tanh":0})", "{}", "0.0"},
        {R"({"$asinh":0})", "{}", "0.0"},
        {R"({"$acosh":1})", "{}", "0.0"},
        {R"({"$atanh":0})", "{}", "0.0"},
        {R"({"$degreesToRadians":0})", "{}", "0.0"},
        {R"({"$sigmoid":0})", "{}", "0.5"},
        {R"({"$sigmoid":-2147483648})", "{}", "0.0"},
    });
    EXPECT_DOUBLE_EQ(value(R"({"$degreesToRadians":180})"), M_PI);
    EXPECT_DOUBLE_EQ(value(R"({"$radiansToDegrees":{"$acos":-1}})"), 180.0);
    EXPECT_DOUBLE_EQ(value(R"({"$atan2":[1,-1]})"), 3 * M_PI / 4);
    EXPECT_DOUBLE_EQ(value(R"({"$sinh":1.5})"), std::sinh(1.5));
}

TEST(TrigonometryOperators, NullAndErrors) {
    check(Values{
        {R"({"$sin":null})", "{}", "null"},
        {R"({"$sigmoid":"$a"})", "{}", "null"},
        {R"({"$atan2":["$a","x"]})", "{}", "null"},
    });
    check(Errors{
        {R"({"$sin":"x"})", "{}", "$sin", "must be a number, not string"},
        {R"({"$sigmoid":true})", "{}", "$sigmoid", "not bool"},
        {R"({"$acos":1.1})", "{}", "$acos", "between -1 and 1"},
        {R"({"$acosh":0.5})", "{}", "$acosh", "1 or more"},
        {R"({"$atanh":1})", "{}", "$atanh", "no finite number"},
        {R"({"$sinh":1e10})", "{}", "$sinh", "no finite number"},
        {R"({"$atan2":[1]})", "{}", "$atan2", "exactly 2"},
    });
}

}  // namespace
}  // namespace credvault::query
