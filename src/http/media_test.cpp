#include "http/media.h"

#include <gtest/gtest.h>

namespace credvault::http {
namespace {

TEST(MediaType, ReadsTypeAndCharset) {
    EXPECT_EQ(parse_media_type("application/json")->type, "application/json");
    EXPECT_FALSE(parse_media_type("application/json")->charset);
    EXPECT_EQ(parse_media_type(" Application/JSON ; Charset=UTF-8")->type, "application/json");
    EXPECT_EQ(parse_media_type("application/json;charset=UTF-8")->charset, "utf-8");
    EXPECT_EQ(parse_media_type("application/json; charset=\"ut\\f-8\"")->charset, "utf-8");
    EXPECT_EQ(parse_media_type("text/plain; a=\"x;charset=latin1\"; charset=utf-8;")->charset, "utf-8");
    EXPECT_EQ(parse_media_type("multipart/form-data; boundary=abc")->type, "multipart/form-data");
}

TEST(MediaType, RefusesWhatIsNone) {
    for (const char* text : {"", "json", "/json", "application/", "a/b/c", "a b/c", "a/b; charset",
                             "a/b; charset=", "a/b; =utf-8", "a/b; charset=\"utf-8", "a/b, c/d"}) {
        EXPECT_FALSE(parse_media_type(text)) << text;
    }
}

TEST(QualityList, ReadsWeights) {
    const auto items = parse_quality_list("gzip;q=0.5, zstd , *;q=0, br;q=1.000,deflate;Q=0.123");
    ASSERT_EQ(items.size(), 5U);
    EXPECT_EQ(items[0].value, "gzip");
    EXPECT_EQ(items[0].quality, 500);
    EXPECT_EQ(items[1].quality, 1000);
    EXPECT_EQ(items[2].value, "*");
    EXPECT_EQ(items[2].quality, 0);
    EXPECT_EQ(items[3].quality, 1000);
    EXPECT_EQ(items[4].quality, 123);
}

TEST(QualityList, LeavesOutMalformedItems) {
    EXPECT_TRUE(parse_quality_list("").empty());
    EXPECT_TRUE(parse_quality_list(",, ,").empty());
    EXPECT_TRUE(parse_quality_list("gzip;q=2").empty());
    EXPECT_TRUE(parse_quality_list("gzip;q=1.5, zstd;q=-1, br;q=0.1234, x;q=0x1, y;q=").size() <= 1U);
    EXPECT_EQ(parse_quality_list("gz ip, ok").size(), 1U);
}

struct Case {
    const char* header;
    const char* type;
    bool accepted;
};

TEST(Accepts, LetsTheClosestRangeDecide) {
    const Case cases[] = {
        {"", "application/json", true},
        {"*/*", "application/json", true},
        {"application/*", "application/json", true},
        {"application/json", "application/json", true},
        {"Application/JSON;q=0.1", "application/json", true},
        {"text/html", "application/json", false},
        {"text/*", "application/json", false},
        {"text/html, */*;q=0.1", "application/json", true},
        {"application/json;q=0, */*", "application/json", false},
        {"application/*;q=0, application/json", "application/json", true},
        {"application/*;q=0, */*", "application/json", false},
        {"application/jso", "application/json", false},
        {"appl/*", "application/json", false},
        {"nonsense;;", "application/json", false},
        {";;;", "application/json", true},
        {"text/html;level=1;q=0.4, application/json;charset=utf-8", "application/json", true},
    };
    for (const Case& c : cases) EXPECT_EQ(accepts(c.header, c.type), c.accepted) << c.header;
}

}  // namespace
}  // namespace credvault::http
