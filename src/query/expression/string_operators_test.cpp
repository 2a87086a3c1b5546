#include <gtest/gtest.h>

#include <string>

#include "query/expression/expression_testing.h"

namespace credvault::query {
namespace {

using Values = std::vector<ValueCase>;
using Errors = std::vector<ErrorCase>;

TEST(StringOperators, Concat) {
    check(Values{
        {R"({"$concat":["a","$b","c"]})", R"({"b":"\u00e9"})", R"("aéc")"},
        {R"({"$concat":[]})", "{}", R"("")"},
        {R"({"$concat":"a"})", "{}", R"("a")"},
        {R"({"$concat":["a",null,1]})", "{}", "null"},
        {R"({"$concat":["a","$b"]})", "{}", "null"},
    });
    check(Errors{
        {R"({"$concat":["a",1,null]})", "{}", "$concat", "must be strings, not int"},
        {R"({"$concat":[["a"]]})", "{}", "$concat", "not array"},
    });
}

TEST(StringOperators, Length) {
    check(Values{
        {R"({"$strLenBytes":"\u5bff\u53f8"})", "{}", "6"},
        {R"({"$strLenCP":"\u5bff\u53f8"})", "{}", "2"},
        {R"({"$strLenCP":"$a"})", R"({"a":"\ud83c\udf89"})", "1"},
        {R"({"$strLenBytes":""})", "{}", "0"},
    });
    check(Errors{
        {R"({"$strLenCP":"$missing"})", "{}", "$strLenCP", "not missing"},
        {R"({"$strLenBytes":null})", "{}", "$strLenBytes", "not null"},
        {R"({"$strLenCP":["a","b"]})", "{}", "$strLenCP", "exactly 1 argument"},
    });
}

TEST(StringOperators, Case) {
    check(Values{
        {R"({"$toLower":"ABC \u00c9"})", "{}", R"("abc É")"},
        {R"({"$toUpper":"abc \u00e9"})", "{}", R"("ABC é")"},
        {R"({"$toUpper":"$missing"})", "{}", R"("")"},
        {R"({"$toLower":3.14})", "{}", R"("3.14")"},
        {R"({"$toUpper":1e20})", "{}", R"("1E+20")"},
        {R"({"$toLower":42})", "{}", R"("42")"},
        {R"({"$strcasecmp":["AbC","aBc"]})", "{}", "0"},
        {R"({"$strcasecmp":["a","b"]})", "{}", "-1"},
        {R"({"$strcasecmp":["\u00c9","\u00e9"]})", "{}", "-1"},
        {R"({"$strcasecmp":[-0.0,"-0"]})", "{}", "0"},
        {R"({"$strcasecmp":["a",null]})", "{}", "1"},
    });
    check(Errors{
        {R"({"$toLower":true})", "{}", "$toLower", "not bool"},
        {R"({"$strcasecmp":[[1],null]})", "{}", "$strcasecmp", "first argument"},
    });
}

TEST(StringOperators, Split) {
    check(Values{
        {R"({"$split":["a-b-c","-"]})", "{}", R"(["a","b","c"])"},
        {R"({"$split":["-a--","-"]})", "{}", R"(["","a","",""])"},
        {R"({"$split":["abc","x"]})", "{}", R"(["abc"])"},
        {R"({"$split":[null,"x"]})", "{}", "null"},
        {R"({"$split":["x","$missing"]})", "{}", "null"},
    });
    check(Errors{
        {R"({"$split":["abc",""]})", "{}", "$split", "at least one character"},
        {R"({"$split":[1,"a"]})", "{}", "$split", "first argument must be a string"},
        {R"({"$split":["a",1]})", "{}", "$split", "separator must be a string"},
    });
}

TEST(StringOperators, Trim) {
    check(Values{
        {R"({"$trim":{"input":" \t\u2003a b\u00a0\n"}})", "{}", R"("a b")"},
        {R"({"$ltrim":{"input":"  a  "}})", "{}", R"("a  ")"},
        {R"({"$rtrim":{"input":"  a  "}})", "{}", R"("  a")"},
        {R"({"$trim":{"input":"\u200ba\u202f"}})", "{}", "\"\u200ba\u202f\""},
        {R"({"$trim":{"input":"ggggoodbyeeee","chars":"ge"}})", "{}", R"("oodby")"},
        {R"({"$ltrim":{"input":"\u00e9\u2603\ud83d\ude00x","chars":"\ud83d\ude00\u00e9\u2603"}})", "{}",
         R"("x")"},
        {R"({"$trim":{"input":"aaa","chars":"a"}})", "{}", R"("")"},
        {R"({"$trim":{"input":" a ","chars":""}})", "{}", R"(" a ")"},
        {R"({"$trim":{"input":null,"chars":1}})", "{}", "null"},
        {R"({"$trim":{"input":"a","chars":"$missing"}})", "{}", "null"},
    });
    check(Errors{
        {R"({"$trim":{"input":1,"chars":null}})", "{}", "$trim", "'input' must be a string"},
        {R"({"$trim":{"input":"a","chars":1}})", "{}", "$trim", "'chars' must be a string"},
        {R"({"$trim":{"chars":"a"}})", "{}", "$trim", "needs input"},
        {R"({"$trim":"a"})", "{}", "$trim", ""},
    });
}

TEST(StringOperators, IndexOf) {
    check(Values{
        {R"({"$indexOfBytes":["\u5bff\u53f8","\u53f8"]})", "{}", "3"},
        {R"({"$indexOfCP":["\u5bff\u53f8","\u53f8"]})", "{}", "1"},
        {R"({"$indexOfCP":["hello","l",3]})", "{}", "3"},
        {R"({"$indexOfCP":["hello","l",0,2]})", "{}", "-1"},
        {R"({"$indexOfCP":["hello","o",0,100]})", "{}", "4"},
        {R"({"$indexOfBytes":["hello","",5]})", "{}", "5"},
        {R"({"$indexOfBytes":["hello","",6]})", "{}", "-1"},
        {R"({"$indexOfCP":["hello","",6]})", "{}", "-1"},
        {R"({"$indexOfBytes":["hello","h",3,1]})", "{}", "-1"},
        {R"({"$indexOfBytes":[null,1,"x"]})", "{}", "null"},
        {R"({"$indexOfCP":["$missing","x"]})", "{}", "null"},
    });
    check(Errors{
        {R"({"$indexOfBytes":["a",null]})", "{}", "$indexOfBytes", "second argument"},
        {R"({"$indexOfCP":[1,"a"]})", "{}", "$indexOfCP", "first argument"},
        {R"({"$indexOfCP":["a","a",-1]})", "{}", "$indexOfCP", "starting position must not be negative"},
        {R"({"$indexOfCP":["a","a",0,1.5]})", "{}", "$indexOfCP", "ending position must be a whole number"},
        {R"({"$indexOfCP":["a","a",0,"$missing"]})", "{}", "$indexOfCP", "not missing"},
        {R"({"$indexOfCP":["a"]})", "{}", "$indexOfCP", "arguments"},
    });
}

TEST(StringOperators, Substrings) {
    check(Values{
        {R"({"$substrBytes":["hello",1,3]})", "{}", R"("ell")"},
        {R"({"$substr":["hello",1,-1]})", "{}", R"("ello")"},
        {R"({"$substrBytes":["hello",9,1]})", "{}", R"("")"},
        {R"({"$substrBytes":["hello",1.9,3.9]})", "{}", R"("ell")"},
        {R"({"$substrBytes":["hello",-0.5,1]})", "{}", R"("h")"},
        {R"({"$substrBytes":["hello",9223372036854775807,9223372036854775807]})", "{}", R"("")"},
        {R"({"$substrBytes":["\u5bff\u53f8",3,3]})", "{}", R"("司")"},
        {R"({"$substrBytes":[1234,1,2]})", "{}", R"("23")"},
        {R"({"$substrBytes":[null,0,2]})", "{}", R"("")"},
        {R"({"$substrCP":["\u5bff\u53f8x",1,2]})", "{}", R"("司x")"},
        {R"({"$substrCP":["abc",1,100]})", "{}", R"("bc")"},
        {R"({"$substrCP":["abc",7,1]})", "{}", R"("")"},
        {R"({"$substrCP":[42,0,1]})", "{}", R"("4")"},
    });
    check(Errors{
        {R"({"$substrBytes":["\u5bff",1,1]})", "{}", "$substrBytes", "middle of a character"},
        {R"({"$substrBytes":["\u5bff",0,1]})", "{}", "$substrBytes", "middle of a character"},
        {R"({"$substrBytes":["a",-1,1]})", "{}", "$substrBytes", "must not be negative"},
        {R"({"$substrBytes":["a",0,null]})", "{}", "$substrBytes", "length must be a number"},
        {R"({"$substrBytes":["a",1e20,1]})", "{}", "$substrBytes", "64 bits"},
        {R"({"$substrBytes":[true,0,1]})", "{}", "$substrBytes", "first argument"},
        {R"({"$substrCP":["a",0.5,1]})", "{}", "$substrCP", "starting position"},
        {R"({"$substrCP":["a",0,-1]})", "{}", "$substrCP", "must not be negative"},
        {R"({"$substrCP":["a",0]})", "{}", "$substrCP", "exactly 3"},
    });
}

TEST(StringOperators, Replace) {
    check(Values{
        {R"({"$replaceOne":{"input":"a-b-c","find":"-","replacement":"+"}})", "{}", R"("a+b-c")"},
        {R"({"$replaceAll":{"input":"a-b-c","find":"-","replacement":"++"}})", "{}", R"("a++b++c")"},
        {R"({"$replaceAll":{"input":"abc","find":"","replacement":"X"}})", "{}", R"("XaXbXcX")"},
        {R"({"$replaceOne":{"input":"abc","find":"","replacement":"X"}})", "{}", R"("Xabc")"},
        {R"({"$replaceAll":{"input":"\u00e9","find":"","replacement":"-"}})", "{}", R"("-é-")"},
        {R"({"$replaceAll":{"input":"abc","find":"x","replacement":"y"}})", "{}", R"("abc")"},
        {R"({"$replaceAll":{"input":"abc","find":null,"replacement":"$missing"}})", "{}", "null"},
    });
    check(Errors{
        {R"({"$replaceAll":{"input":["a"],"find":null,"replacement":"b"}})", "{}", "$replaceAll",
         "'input' must be a string"},
        {R"({"$replaceOne":{"input":"a","find":1,"replacement":"b"}})", "{}", "$replaceOne",
         "'find' must be a string"},
        {R"({"$replaceOne":{"input":"a","find":"a","replacement":2.5}})", "{}", "$replaceOne",
         "'replacement' must be"},
        {R"({"$replaceOne":{"input":"a","find":"a"}})", "{}", "$replaceOne", "needs replacement"},
    });
}

TEST(StringOperators, StayWithinMemory) {
    EvaluationLimits limits;
    limits.max_memory = 10'000;
    const std::string record = R"({"a":")" + std::string(5000, 'x') + R"("})";
    for (const std::string_view expression :
         {R"({"$concat":["$a","$a","$a"]})",
          R"({"$replaceAll":{"input":"$a","find":"x","replacement":"yyy"}})",
          R"({"$replaceAll":{"input":"$a","find":"","replacement":"$a"}})", R"({"$split":["$a","x"]})",
          R"({"$regexFindAll":{"input":"$a","regex":"x"}})"}) {
        EXPECT_EQ(evaluate(expression, record, limits).error.code, ErrorCode::QUERY_TOO_LARGE) << expression;
        EXPECT_FALSE(evaluate(expression, R"({"a":"x"})", limits).failed) << expression;
    }
}

TEST(StringOperators, SearchTakesLinearTime) {
    const std::string record =
        R"({"a":")" + std::string(1'000'000, 'a') + R"(","b":")" + std::string(500'000, 'a') + R"(b"})";
    EXPECT_EQ(evaluate(R"({"$indexOfBytes":["$a","$b"]})", record).value, "-1");
}

}  // namespace
}  // namespace credvault::query
