#include <gtest/gtest.h>

#include <string>

#include "query/expression/expression_testing.h"

namespace credvault::query {
namespace {

using Values = std::vector<ValueCase>;
using Errors = std::vector<ErrorCase>;

TEST(RegexOperators, Match) {
    check(Values{
        {R"x({"$regexMatch":{"input":"$a","regex":"^b.d$"}})x", R"({"a":"bcd"})", "true"},
        {R"x({"$regexMatch":{"input":"$a","regex":"^b$"}})x", R"({"a":"bcd"})", "false"},
        {R"x({"$regexMatch":{"input":"HELLO","regex":"hel lo","options":"imsx"}})x", "{}", "true"},
        {R"x({"$regexMatch":{"input":"ABC","regex":"$r","options":{"$concat":["","i"]}}})x", R"({"r":"b"})",
         "true"},
        {R"x({"$regexMatch":{"input":null,"regex":"a"}})x", "{}", "false"},
        {R"x({"$regexMatch":{"input":"$missing","regex":"$missing"}})x", "{}", "false"},
        {R"x({"$regexMatch":{"input":"a","regex":"$missing","options":"z"}})x", "{}", "false"},
    });
}

TEST(RegexOperators, Find) {
    check(Values{
        {R"x({"$regexFind":{"input":"caf\u00e9 bar","regex":"b(a)(x)?"}})x", "{}",
         R"({"match":"ba","idx":5,"captures":["a",null]})"},
        {R"x({"$regexFind":{"input":"abc","regex":"(?<n>b)"}})x", "{}",
         R"({"match":"b","idx":1,"captures":["b"]})"},
        {R"x({"$regexFind":{"input":"abc","regex":"x"}})x", "{}", "null"},
        {R"x({"$regexFind":{"input":"HELLO\nWORLD","regex":"^world","options":"im"}})x", "{}",
         R"({"match":"WORLD","idx":6,"captures":[]})"},
        {R"x({"$regexFind":{"input":null,"regex":"$missing"}})x", "{}", "null"},
    });
}

TEST(RegexOperators, FindAll) {
    check(Values{
        {R"x({"$regexFindAll":{"input":"\u00e9a\u00e9ab","regex":"a(b)?"}})x", "{}",
         R"([{"match":"a","idx":1,"captures":[null]},{"match":"ab","idx":3,"captures":["b"]}])"},
        {R"x({"$regexFindAll":{"input":"","regex":""}})x", "{}", R"([{"match":"","idx":0,"captures":[]}])"},
        {R"x({"$regexFindAll":{"input":"\u00e9b","regex":"x*"}})x", "{}",
         R"([{"match":"","idx":0,"captures":[]},{"match":"","idx":1,"captures":[]}])"},
        {R"x({"$regexFindAll":{"input":"ab","regex":"^."}})x", "{}",
         R"([{"match":"a","idx":0,"captures":[]}])"},
        {R"x({"$regexFindAll":{"input":"a ab","regex":"\\ba"}})x", "{}",
         R"([{"match":"a","idx":0,"captures":[]},{"match":"a","idx":2,"captures":[]}])"},
        {R"x({"$regexFindAll":{"input":"abc","regex":"x"}})x", "{}", "[]"},
        {R"x({"$regexFindAll":{"input":null,"regex":"x"}})x", "{}", "[]"},
    });
}

TEST(RegexOperators, Errors) {
    check(Errors{
        {R"x({"$regexMatch":{"input":1,"regex":1}})x", "{}", "$regexMatch", "'regex' must be a string"},
        {R"x({"$regexMatch":{"input":1,"regex":"a"}})x", "{}", "$regexMatch", "'input' must be a string"},
        {R"x({"$regexMatch":{"input":"a","regex":null,"options":1}})x", "{}", "$regexMatch",
         "'options' must be a string"},
        {R"x({"$regexMatch":{"input":"a","regex":"a","options":" i"}})x", "{}", "$regexMatch",
         "unknown letter"},
        {R"x({"$regexFind":{"input":"$a","regex":"(a"}})x", "{}", "$regexFind", "regular expression"},
        {R"x({"$regexFind":{"input":"$a","regex":"$r"}})x", R"({"a":"b","r":"(?<=a+)b"})", "$regexFind", ""},
        {R"x({"$regexFindAll":["a"]})x", "{}", "$regexFindAll", ""},
        {R"x({"$regexMatch":{"regex":"a"}})x", "{}", "$regexMatch", "needs input"},
        {R"x({"$regexMatch":{"input":"a","regex":"a","flags":"i"}})x", "{}", "$regexMatch", "flags"},
    });
}

TEST(RegexOperators, RunWithinTheBudget) {
    EvaluationLimits limits;
    limits.max_work = 10'000;
    // Each search looks for a b up to the end.
    const std::string record = R"({"a":")" + std::string(200'000, 'a') + R"("})";
    const Evaluated found =
        evaluate(R"x({"$regexFindAll":{"input":"$a","regex":"a(.*b)?"}})x", record, limits);
    EXPECT_EQ(found.error.code, ErrorCode::QUERY_TOO_LARGE) << found.value;
}

}  // namespace
}  // namespace credvault::query
