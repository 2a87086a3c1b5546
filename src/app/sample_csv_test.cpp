#include "app/sample_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace credvault::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> records(std::string_view text) {
    Result<std::vector<std::string>> made = records_of_csv(text);
    if (!made.ok()) return {made.error().message};
    return std::move(made).value();
}

std::string failure(std::string_view text) {
    const auto made = records_of_csv(text);
    return made.ok() ? "no failure" : made.error().message;
}

TEST(SampleCsv, EachColumnHasTheTypeOfAllItsCells) {
    EXPECT_THAT(records("i,d,b,s,n\n1,2,true,1,\n-2,2.5,false,x,\n"),
                ElementsAre(R"({"i":1,"d":2.0,"b":true,"s":"1","n":null})",
                            R"({"i":-2,"d":2.5,"b":false,"s":"x","n":null})"));
}

TEST(SampleCsv, NumbersAreJsonNumbers) {
    EXPECT_THAT(records("code\n007\n12\n"), ElementsAre(R"({"code":"007"})", R"({"code":"12"})"));
    EXPECT_THAT(records("code\n1e3\n"), ElementsAre(R"({"code":1000.0})"));
    EXPECT_THAT(records("code\n+1\n"), ElementsAre(R"({"code":"+1"})"));
    EXPECT_THAT(records("code\n-\n"), ElementsAre(R"({"code":"-"})"));
    EXPECT_THAT(records("big\n9223372036854775807\n"), ElementsAre(R"({"big":9223372036854775807})"));
    EXPECT_THAT(records("both\n1\ntrue\n"), ElementsAre(R"({"both":"1"})", R"({"both":"true"})"));
}

TEST(SampleCsv, EmptyCellsAreNullAndDecideNoType) {
    EXPECT_THAT(records("a,b\n,1\n2,\n"), ElementsAre(R"({"a":null,"b":1})", R"({"a":2,"b":null})"));
}

TEST(SampleCsv, QuotedCells) {
    EXPECT_THAT(records("a,b\n\"x, \"\"y\"\"\r\nz\",\"1\"\r\n"),
                ElementsAre(R"({"a":"x, \"y\"\r\nz","b":1})"));
}

TEST(SampleCsv, LinesMayEndInCrLfOrNotAtAll) {
    EXPECT_THAT(records("a\r\n1\r\n\r\n2"), ElementsAre(R"({"a":1})", R"({"a":2})"));
    EXPECT_THAT(records("a\n"), IsEmpty());
    EXPECT_THAT(records(""), IsEmpty());
}

TEST(SampleCsv, FailuresNameTheLine) {
    EXPECT_THAT(failure("a,b\n1,2\n\n1\n"), HasSubstr("Line 4: the row has 1 cells"));
    EXPECT_THAT(failure("a\n\"x\ny\n"),
                HasSubstr("Line 2: a quote in the row that begins here is not closed"));
    EXPECT_THAT(failure("a\n\"x\"y\n"), HasSubstr("Line 2: something follows"));
    EXPECT_THAT(failure("a,a\n"), HasSubstr("two are named 'a'"));
    EXPECT_THAT(failure("a,\n1,2\n"), HasSubstr("name 2 is empty"));
    EXPECT_NE(failure("a\n\xff\n"), "no failure");
}

}  // namespace
}  // namespace credvault::app
