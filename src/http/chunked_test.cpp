#include "http/chunked.h"

#include <gtest/gtest.h>

namespace credvault::http {
namespace {

struct Decoded {
    std::string data;
    std::string rest;
    bool done = false;
    bool failed = false;
};

/// Decodes the input given in two parts, so that every state is left and entered between calls.
Decoded decode(std::string_view first, std::string_view second, ChunkDecoder decoder = {}) {
    Decoded result;
    for (std::string_view part : {first, second}) {
        while (!part.empty() && !decoder.done()) {
            const auto piece = decoder.next(part);
            if (!piece.ok()) {
                EXPECT_EQ(piece.error().code, ErrorCode::MALFORMED_REQUEST);
                result.failed = true;
                return result;
            }
            result.data.append(*piece);
        }
        result.rest.append(part);
    }
    result.done = decoder.done();
    return result;
}

TEST(ChunkDecoder, DecodesHoweverCut) {
    const std::string body =
        "5\r\nhello\r\n1;ext=\"a;b\"\r\n \r\n00000005;a\r\nworld\r\n0\r\nTrailer: x\r\nOther:\r\n\r\n";
    const std::string input = body + "GET";
    for (std::size_t cut = 0; cut <= input.size(); ++cut) {
        const Decoded result = decode(input.substr(0, cut), input.substr(cut));
        EXPECT_TRUE(result.done) << cut;
        EXPECT_EQ(result.data, "hello world") << cut;
        EXPECT_EQ(result.rest, "GET") << cut;
    }
}

TEST(ChunkDecoder, KnowsWhenItIsNotDone) {
    const std::string body = "5\r\nhello\r\n0\r\n\r\n";
    for (std::size_t size = 0; size < body.size(); ++size) {
        const Decoded result = decode(body.substr(0, size), "");
        EXPECT_FALSE(result.failed) << size;
        EXPECT_FALSE(result.done) << size;
    }
}

TEST(ChunkDecoder, RefusesWhatIsMalformed) {
    for (const char* body : {
             "\r\n",
             "x\r\n",
             " 5\r\nhello\r\n",
             "5 \r\nhello\r\n",
             "+5\r\nhello\r\n",
             "-1\r\n",
             "0x5\r\nhello\r\n",
             "5\nhello\r\n",
             "5\rhello\r\n",
             "5\r\nhelloX",
             "5\r\nhello\n",
             "5\r\nhello\rX",
             "5\r\nhello0\r\n\r\n",
             "5;a\nhello\r\n",
             "5;a\x01\r\nhello\r\n",
             ";a\r\n",
             "10000000000000000\r\n",
             "0\r\n\n",
             "0\r\nA b: c\r\n\r\n",
             "0\r\n: c\r\n\r\n",
             "0\r\nA\r\n\r\n",
             "0\r\nA: b\n\r\n",
             "0\r\nA: b\r\n c\r\n\r\n",
             "0\r\n\rX",
         }) {
        const std::string_view text = body;
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            EXPECT_TRUE(decode(text.substr(0, cut), text.substr(cut)).failed) << body << " cut at " << cut;
        }
    }
}

TEST(ChunkDecoder, BoundsExtensionsAndTrailers) {
    const ChunkDecoder decoder({.extension_bytes = 8, .trailer_bytes = 16, .trailer_fields = 2});
    EXPECT_TRUE(decode("1;1234567\r\nx\r\n1;2\r\ny\r\n", "0\r\n\r\n", decoder).failed == false);
    EXPECT_TRUE(decode("1;1234567\r\nx\r\n1;34\r\ny\r\n", "0\r\n\r\n", decoder).failed);
    EXPECT_TRUE(decode("0\r\nA: 23456789\r\n\r\n", "", decoder).done);
    EXPECT_TRUE(decode("0\r\nA: 234567890123\r\n\r\n", "", decoder).failed);
    EXPECT_TRUE(decode("0\r\nA:\r\nB:\r\n\r\n", "", decoder).done);
    EXPECT_TRUE(decode("0\r\nA:\r\nB:\r\nC:\r\n\r\n", "", decoder).failed);
}

}  // namespace
}  // namespace credvault::http
