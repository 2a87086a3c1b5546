#include "http/decoding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace credvault::http {
namespace {

std::string encoded(Coding coding, std::string_view text) {
    std::string out;
    EXPECT_TRUE(make_encoder(coding)->encode(text, true, out));
    return out;
}

Result<std::string> decoded(Coding coding, std::string_view data, std::size_t piece,
                            DecodeLimits limits = {}) {
    const auto decoder = make_decoder(coding, limits);
    std::string out;
    while (!data.empty()) {
        decoder->feed(data.substr(0, piece));
        data.remove_prefix(std::min(piece, data.size()));
        while (true) {
            TRY(const std::string_view bytes, decoder->next());
            if (bytes.empty()) break;
            out.append(bytes);
        }
    }
    TRY_VOID(decoder->end());
    return out;
}

class Decoding : public testing::TestWithParam<Coding> {};
INSTANTIATE_TEST_SUITE_P(All, Decoding, testing::Values(Coding::Gzip, Coding::Zstd));

TEST_P(Decoding, GivesWhatWasEncodedHoweverItIsCut) {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919) + "\n";
    const std::string data = encoded(GetParam(), text);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}, data.size()}) {
        const auto result = decoded(GetParam(), data, piece);
        ASSERT_TRUE(result.ok()) << result.error().message;
        EXPECT_EQ(*result, text);
    }
}

TEST_P(Decoding, TakesSeveralParts) {
    const auto result = decoded(GetParam(), encoded(GetParam(), "one ") + encoded(GetParam(), "two"), 5);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(*result, "one two");
}

TEST_P(Decoding, TellsWhatBreaksOff) {
    const std::string data = encoded(GetParam(), "something to say");
    for (std::size_t size = 1; size < data.size(); ++size) {
        const auto result = decoded(GetParam(), std::string_view(data).substr(0, size), 3);
        ASSERT_FALSE(result.ok()) << size;
        EXPECT_EQ(result.error().code, ErrorCode::INVALID_DATA);
    }
}

TEST_P(Decoding, RefusesOtherData) {
    EXPECT_EQ(decoded(GetParam(), "{\"a\":1}{\"a\":1}", 100).error().code, ErrorCode::INVALID_DATA);
    EXPECT_EQ(decoded(GetParam(), encoded(GetParam(), "x") + "trailing", 100).error().code,
              ErrorCode::INVALID_DATA);
}

TEST_P(Decoding, BoundsTheExpansion) {
    const std::string data = encoded(GetParam(), std::string(64 * 1024 * 1024, '\n'));
    EXPECT_EQ(decoded(GetParam(), data, 4096, {100}).error().code, ErrorCode::PAYLOAD_TOO_LARGE);
    const auto whole = decoded(GetParam(), data, 4096, {1'000'000});
    EXPECT_TRUE(whole.ok()) << whole.error().message << " of " << data.size();
}

TEST(ContentCoding, IsRead) {
    EXPECT_EQ(*parse_content_coding(""), Coding::Identity);
    EXPECT_EQ(*parse_content_coding("GZip"), Coding::Gzip);
    EXPECT_EQ(*parse_content_coding("x-gzip"), Coding::Gzip);
    EXPECT_EQ(*parse_content_coding(" zstd "), Coding::Zstd);
    EXPECT_EQ(parse_content_coding("br").error().code, ErrorCode::UNSUPPORTED_MEDIA_TYPE);
    EXPECT_EQ(parse_content_coding("gzip, gzip").error().code, ErrorCode::UNSUPPORTED_MEDIA_TYPE);
}

}  // namespace
}  // namespace credvault::http
