#include <cmath>
#include <limits>
#include <random>

#include "query/expression/arithmetic.h"
#include "query/expression/expression_testing.h"

namespace credvault::query {
namespace {

using Values = std::vector<ValueCase>;
using Errors = std::vector<ErrorCase>;

TEST(ArithmeticOperators, PromoteFromIntToDouble) {
    check(Values{
        {R"({"$add":[]})", "{}", "0"},
        {R"({"$add":"$a"})", R"({"a":3})", "3"},
        {R"({"$add":["$a",2.5]})", R"({"a":3})", "5.5"},
        {R"({"$add":["$a",1]})", R"({"a":9223372036854775807})", "9.223372036854776e+18"},
        {R"({"$add":["$a",1,-1]})", R"({"a":9223372036854775807})", "9223372036854775807"},
        {R"({"$add":[0.1,0.2,0.3]})", "{}", "0.6"},
        {R"({"$subtract":["$a",1]})", R"({"a":-9223372036854775808})", "-9.223372036854776e+18"},
        {R"({"$subtract":[10,2.5]})", "{}", "7.5"},
        {R"({"$multiply":["$a",4]})", R"({"a":4611686018427387904})", "1.8446744073709552e+19"},
        {R"({"$multiply":[2,3,4]})", "{}", "24"},
        {R"({"$multiply":[]})", "{}", "1"},
        {R"({"$divide":[10,4]})", "{}", "2.5"},
        {R"({"$divide":[10,5]})", "{}", "2.0"},
        {R"({"$divide":[0,-5]})", "{}", "-0.0"},
        {R"({"$mod":[-7,3]})", "{}", "-1"},
        {R"({"$mod":[7.5,2]})", "{}", "1.5"},
        {R"({"$mod":["$a",-1]})", R"({"a":-9223372036854775808})", "0"},
    });
}

TEST(ArithmeticOperators, NullAndMissingMakeNull) {
    check(Values{
        {R"({"$add":[1,"$x","a"]})", "{}", "null"},
        {R"({"$multiply":["$x",true]})", "{}", "null"},
        {R"({"$subtract":[null,"a"]})", "{}", "null"},
        {R"({"$divide":[1,"$x"]})", "{}", "null"},
        {R"({"$mod":["$x",0]})", "{}", "null"},
        {R"({"$round":[1.5,null]})", "{}", "null"},
        {R"({"$sqrt":"$x"})", "{}", "null"},
    });
}

TEST(ArithmeticOperators, RefuseWhatHasNoResult) {
    check(Errors{
        {R"({"$add":[1,"$a"]})", R"({"a":"x"})", "$add", "not string"},
        {R"({"$add":["a",null]})", "{}", "$add", "not string"},
        {R"({"$multiply":[1e300,"$a"]})", R"({"a":1e300})", "$multiply", "no finite number"},
        {R"({"$subtract":["$a",[1]]})", R"({"a":1})", "$subtract", "not array"},
        {R"({"$divide":[1,"$a"]})", R"({"a":0.0})", "$divide", "must not be 0"},
        {R"({"$mod":[1,-0.0]})", "{}", "$mod", "must not be 0"},
        {R"({"$abs":-9223372036854775808})", "{}", "$abs", "64 bits"},
        {R"({"$sqrt":-1})", "{}", "$sqrt", "negative"},
        {R"({"$ln":0})", "{}", "$ln", "positive"},
        {R"({"$log10":-0.5})", "{}", "$log10", "positive"},
        {R"({"$log":[8,1]})", "{}", "$log", "must not be 1"},
        {R"({"$pow":[0,-1]})", "{}", "$pow", "negative power"},
        {R"({"$pow":[-8,0.5]})", "{}", "$pow", "no finite number"},
        {R"({"$exp":1000})", "{}", "$exp", "no finite number"},
        {R"({"$round":[1,101]})", "{}", "$round", "-20 to 100"},
        {R"({"$round":[1.5,0.5]})", "{}", "$round", "integer"},
        {R"({"$round":[9223372036854775807,-1]})", "{}", "$round", "64 bits"},
        {R"({"$sigmoid":true})", "{}", "$sigmoid", "not bool"},
    });
}

TEST(MathOperators, Functions) {
    check(Values{
        {R"({"$abs":-3})", "{}", "3"},
        {R"({"$abs":-3.5})", "{}", "3.5"},
        {R"({"$ceil":2.1})", "{}", "3.0"},
        {R"({"$ceil":-0.5})", "{}", "-0.0"},
        {R"({"$floor":-2.1})", "{}", "-3.0"},
        {R"({"$floor":7})", "{}", "7"},
        {R"({"$sqrt":16})", "{}", "4.0"},
        {R"({"$exp":0})", "{}", "1.0"},
        {R"({"$ln":1})", "{}", "0.0"},
        {R"({"$log":[8,2]})", "{}", "3.0"},
        {R"({"$log10":1000})", "{}", "3.0"},
        {R"({"$pow":[2,62]})", "{}", "4611686018427387904"},
        {R"({"$pow":[2,63]})", "{}", "9.223372036854776e+18"},
        {R"({"$pow":[-2,63]})", "{}", "-9223372036854775808"},
        {R"({"$pow":[2,-1]})", "{}", "0.5"},
        {R"({"$pow":[-1,-3]})", "{}", "-1"},
        {R"({"$pow":[1,9223372036854775807]})", "{}", "1"},
        {R"({"$pow":[9,0.5]})", "{}", "3.0"},
        {R"({"$sigmoid":0})", "{}", "0.5"},
        {R"({"$sigmoid":null})", "{}", "null"},
    });
}

TEST(RoundingOperators, HalfToEvenAndTowardsZero) {
    check(Values{
        {R"({"$round":10.5})", "{}", "10.0"},
        {R"({"$round":11.5})", "{}", "12.0"},
        {R"({"$round":-0.4})", "{}", "-0.0"},
        {R"({"$round":[1.005,2]})", "{}", "1.0"},
        {R"({"$round":[2.675,2]})", "{}", "2.67"},
        {R"({"$round":[19.25,1]})", "{}", "19.2"},
        {R"({"$round":[1234,-2]})", "{}", "1200"},
        {R"({"$round":[1250,-2]})", "{}", "1200"},
        {R"({"$round":[1350,-2]})", "{}", "1400"},
        {R"({"$round":[-4995,-3]})", "{}", "-5000"},
        {R"({"$round":[123456789012345.12,-2]})", "{}", "123456789012300.0"},
        {R"({"$round":[95.5,-2]})", "{}", "100.0"},
        {R"({"$round":[5e-324,100]})", "{}", "0.0"},
        {R"({"$round":[7,5]})", "{}", "7"},
        {R"({"$round":[9223372036854775807,-20]})", "{}", "0"},
        {R"({"$trunc":-1.9})", "{}", "-1.0"},
        {R"({"$trunc":[9.876,2]})", "{}", "9.87"},
        {R"({"$trunc":[1299,-2]})", "{}", "1200"},
        {R"({"$trunc":[0.29,2]})", "{}", "0.28"},
        {R"({"$trunc":[123456789012345.12,-19]})", "{}", "0.0"},
        {R"({"$trunc":[1e308,2]})", "{}", "1e+308"},
    });
}

TEST(BitwiseOperators, TakeIntegers) {
    check(Values{
        {R"({"$bitAnd":[12,10]})", "{}", "8"},
        {R"({"$bitAnd":[]})", "{}", "-1"},
        {R"({"$bitOr":[12,3]})", "{}", "15"},
        {R"({"$bitOr":[]})", "{}", "0"},
        {R"({"$bitXor":[12,10,"$x"]})", "{}", "null"},
        {R"({"$bitXor":"$a"})", R"({"a":5})", "5"},
        {R"({"$bitNot":0})", "{}", "-1"},
    });
    check(Errors{
        {R"({"$bitAnd":[1.0]})", "{}", "$bitAnd", "not double"},
        {R"({"$bitNot":"a"})", "{}", "$bitNot", "not string"},
    });
}

TEST(Arithmetic, AgreesWithWiderIntegers) {
    std::mt19937_64 random(7);
    const auto draw = [&random] { return static_cast<std::int64_t>(random()) >> (random() % 64); };
    __extension__ using Wide = __int128;
    const auto expected = [](Wide exact) {
        const bool fits = exact >= std::numeric_limits<std::int64_t>::min() &&
                          exact <= std::numeric_limits<std::int64_t>::max();
        return fits ? integer(static_cast<std::int64_t>(exact)) : real(static_cast<double>(exact));
    };
    const auto same = [](const Number& a, const Number& b) {
        return a.is_int == b.is_int &&
               (a.is_int ? a.integer == b.integer : std::fabs(a.real - b.real) <= std::fabs(a.real) * 1e-15);
    };
    for (int i = 0; i < 20'000; ++i) {
        const std::int64_t a = draw();
        const std::int64_t b = draw();
        EXPECT_TRUE(same(add(integer(a), integer(b)), expected(Wide{a} + b))) << a << " " << b;
        EXPECT_TRUE(same(subtract(integer(a), integer(b)), expected(Wide{a} - b))) << a << " " << b;
        EXPECT_TRUE(same(multiply(integer(a), integer(b)), expected(Wide{a} * b))) << a << " " << b;
        if (b == 0) continue;
        EXPECT_EQ(modulo(integer(a), integer(b)).integer, static_cast<std::int64_t>(Wide{a} % b))
            << a << " " << b;
    }
}

TEST(Arithmetic, SumIsExactWhateverTheOrder) {
    Sum tenths;
    for (int i = 0; i < 10; ++i) tenths.add(real(0.1));
    EXPECT_EQ(tenths.total().real, 1.0);

    Sum mixed;
    for (const Number& term : {integer(9007199254740993), real(0.5), integer(-9007199254740993)})
        mixed.add(term);
    EXPECT_EQ(mixed.total().real, 0.5);

    Sum back;
    back.add(integer(std::numeric_limits<std::int64_t>::max()));
    back.add(integer(std::numeric_limits<std::int64_t>::max()));
    EXPECT_FALSE(back.total().is_int);
    back.add(integer(std::numeric_limits<std::int64_t>::min()));
    EXPECT_TRUE(back.total().is_int);

    Sum cancelled;
    for (const double term : {1e100, 1.0, -1e100}) cancelled.add(real(term));
    EXPECT_EQ(cancelled.total().real, 1.0);
}

}  // namespace
}  // namespace credvault::query
