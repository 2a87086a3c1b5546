#include "http/uri.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace credvault::http {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::Pair;

TEST(PercentDecode, TakesEscapes) {
    EXPECT_EQ(*percent_decode("a%20b%2Fc%c3%A9"), "a b/c\xc3\xa9");
    EXPECT_EQ(*percent_decode("a+b"), "a+b");
    EXPECT_EQ(*percent_decode("a+b%2B", true), "a b+");
    EXPECT_EQ(*percent_decode(""), "");
}

TEST(PercentDecode, RefusesBrokenEscapesAndNul) {
    for (const std::string& text :
         {"%"s, "a%2"s, "%zz"s, "%2g"s, "%g2"s, "100%"s, "%00"s, "a%00b"s, "a\0b"s}) {
        const auto decoded = percent_decode(text);
        ASSERT_FALSE(decoded.ok()) << text;
        EXPECT_EQ(decoded.error().code, ErrorCode::INVALID_PARAMETER) << text;
    }
}

TEST(PercentEncode, KeepsUnreservedOnly) {
    EXPECT_EQ(percent_encode("az-AZ_09.~"), "az-AZ_09.~");
    EXPECT_EQ(percent_encode("a b/c?&=%\xff"), "a%20b%2Fc%3F%26%3D%25%FF");
}

TEST(PercentEncode, IsUndoneByDecoding) {
    std::string all;
    for (int i = 1; i < 256; ++i) all.push_back(static_cast<char>(i));
    EXPECT_EQ(*percent_decode(percent_encode(all)), all);
    EXPECT_EQ(*percent_decode(percent_encode(all), true), all);
}

TEST(ParseQuery, SplitsIntoPairs) {
    EXPECT_THAT(*parse_query("a=1&b=x+y&a=2&c=%26&d&e="),
                ElementsAre(Pair("a", "1"), Pair("b", "x y"), Pair("a", "2"), Pair("c", "&"), Pair("d", ""),
                            Pair("e", "")));
    EXPECT_THAT(*parse_query(""), ElementsAre());
    EXPECT_THAT(*parse_query("&&a=1&&"), ElementsAre(Pair("a", "1")));
    EXPECT_THAT(*parse_query("filter=a=b=c"), ElementsAre(Pair("filter", "a=b=c")));
    EXPECT_THAT(*parse_query("=x"), ElementsAre(Pair("", "x")));
}

TEST(ParseQuery, NamesTheWrongPair) {
    const auto parsed = parse_query("a=1&bad=%zz");
    ASSERT_FALSE(parsed.ok());
    EXPECT_EQ(parsed.error().field, "bad");
}

}  // namespace
}  // namespace credvault::http
