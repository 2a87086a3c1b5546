#include "http/coding.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "http/decode_fixture.h"

namespace credvault::http {
namespace {

TEST(ChooseCoding, FollowsTheQualities) {
    const std::pair<const char*, Coding> cases[] = {
        {"", Coding::Identity},
        {"gzip", Coding::Gzip},
        {"x-gzip", Coding::Gzip},
        {"GZIP", Coding::Gzip},
        {"zstd", Coding::Zstd},
        {"gzip, zstd", Coding::Zstd},
        {"gzip, deflate, br, zstd", Coding::Zstd},
        {"zstd;q=0.5, gzip", Coding::Gzip},
        {"gzip;q=0", Coding::Identity},
        {"gzip;q=0, zstd;q=0", Coding::Identity},
        {"*", Coding::Zstd},
        {"*;q=0", Coding::Identity},
        {"*, zstd;q=0", Coding::Gzip},
        {"br, *;q=0", Coding::Identity},
        {"identity", Coding::Identity},
        {"identity, gzip", Coding::Gzip},
        {"identity;q=1, gzip;q=0.5", Coding::Identity},
        {"identity;q=0", Coding::Identity},
        {"identity;q=0, gzip;q=0.001", Coding::Gzip},
        {"deflate, br", Coding::Identity},
    };
    for (const auto& [header, coding] : cases) EXPECT_EQ(choose_coding(header), coding) << header;
}

TEST(Compressible, IsDecidedByTheType) {
    for (const char* type : {"application/json", "application/problem+json", "text/html; charset=utf-8",
                             "text/csv", "image/svg+xml", "application/x-ndjson", "application/javascript"}) {
        EXPECT_TRUE(compressible(type)) << type;
    }
    for (const char* type : {"", "image/png", "application/octet-stream", "application/zip", "font/woff2"}) {
        EXPECT_FALSE(compressible(type)) << type;
    }
}

std::string sample(std::size_t size) {
    std::string text;
    std::uint32_t seed = 1;
    while (text.size() < size) {
        seed = seed * 1664525 + 1013904223;
        text += "{\"n\":" + std::to_string(seed >> 20) + "}";
    }
    text.resize(size);
    return text;
}

TEST(Encoder, RoundTripsWholeAndInPieces) {
    for (const Coding coding : {Coding::Gzip, Coding::Zstd}) {
        for (const std::size_t size : {0UL, 1UL, 1000UL, 16384UL, 1000000UL}) {
            for (const std::size_t step : {1000003UL, 70000UL, 999UL}) {
                const std::string text = sample(size);
                const auto encoder = make_encoder(coding);
                std::string encoded;
                for (std::size_t at = 0; at < size; at += step) {
                    ASSERT_TRUE(encoder->encode(std::string_view(text).substr(at, step), false, encoded));
                }
                ASSERT_TRUE(encoder->encode({}, true, encoded));
                EXPECT_EQ(decode_body(coding_name(coding), encoded), text) << size << " by " << step;
                EXPECT_LT(encoded.size(), size / 2 + 1000);
            }
        }
    }
    EXPECT_EQ(make_encoder(Coding::Identity), nullptr);
}

TEST(Encoder, LeavesNothingOfOneBodyInTheNext) {
    for (const Coding coding : {Coding::Gzip, Coding::Zstd}) {
        std::string given_up;
        make_encoder(coding)->encode(sample(300'000), false, given_up);
        const auto first = make_encoder(coding);
        const auto second = make_encoder(coding);
        std::string one;
        std::string two;
        ASSERT_TRUE(first->encode("one", false, one));
        ASSERT_TRUE(second->encode("two", true, two));
        ASSERT_TRUE(first->encode("!", true, one));
        EXPECT_EQ(decode_body(coding_name(coding), one), "one!");
        EXPECT_EQ(decode_body(coding_name(coding), two), "two");
    }
}

}  // namespace
}  // namespace credvault::http
