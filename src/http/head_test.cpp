#include "http/head.h"

#include <gtest/gtest.h>

namespace credvault::http {
namespace {

class PlainRequest final : public Request {
public:
    Reply<std::string_view> body(std::size_t) override { return std::string_view(); }
    Reply<std::string_view> read_some() override { return std::string_view(); }
    bool disconnected() const override { return false; }
};

struct Parsed {
    PlainRequest request;
    Framing framing;
    std::optional<ErrorCode> error;
};

Parsed parse(std::string_view text, const Limits& limits = {}) {
    Parsed parsed;
    HeadScan scan;
    const auto end = scan_head(text, scan, limits);
    if (!end.ok()) {
        parsed.error = end.error().code;
        return parsed;
    }
    EXPECT_GT(*end, 0U) << "no end in " << text;
    const auto head = text.substr(scan.head_start, *end - scan.head_start);
    if (auto status = parse_head(head, limits, parsed.request, parsed.framing); !status.ok()) {
        parsed.error = status.error().code;
        EXPECT_FALSE(status.error().message.empty());
    }
    return parsed;
}

TEST(Head, FillsTheRequest) {
    const Parsed parsed = parse(
        "PATCH /v1/a%20b?x=1&y=2 HTTP/1.1\r\nHost: example.org:8080\r\nX-Empty:\r\nX-Space: \t a b \t\r\n"
        "Content-Length: 12\r\nAccept-Encoding: gzip\r\nExpect: 100-Continue\r\n\r\n");
    ASSERT_FALSE(parsed.error);
    EXPECT_EQ(parsed.request.method, Method::Patch);
    EXPECT_EQ(parsed.request.method_text, "PATCH");
    EXPECT_EQ(parsed.request.target, "/v1/a%20b?x=1&y=2");
    EXPECT_EQ(parsed.request.path, "/v1/a%20b");
    EXPECT_EQ(parsed.request.query, "x=1&y=2");
    EXPECT_EQ(parsed.request.fields.size(), 6U);
    EXPECT_EQ(parsed.request.field("x-empty"), "");
    EXPECT_EQ(parsed.request.field("x-SPACE"), "a b");
    EXPECT_EQ(parsed.request.field("absent"), std::nullopt);
    EXPECT_TRUE(parsed.request.has_body);
    EXPECT_EQ(parsed.framing.content_length, 12U);
    EXPECT_EQ(parsed.framing.accept_encoding, "gzip");
    EXPECT_TRUE(parsed.framing.expects_continue);
    EXPECT_TRUE(parsed.framing.keep_alive);
}

TEST(Head, KnowsMethodsByTheirExactName) {
    EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n").request.method, Method::Get);
    EXPECT_EQ(parse("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").request.method, Method::Head);
    EXPECT_EQ(parse("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n").request.method, Method::Delete);
    EXPECT_EQ(parse("PUT / HTTP/1.1\r\nHost: a\r\n\r\n").request.method, Method::Put);
    EXPECT_EQ(parse("POST / HTTP/1.1\r\nHost: a\r\n\r\n").request.method, Method::Post);
    EXPECT_EQ(parse("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").request.method, Method::Options);
    for (const char* other : {"get", "TRACE", "PROPFIND", "BREW", "M-SEARCH"}) {
        const Parsed parsed = parse(std::string(other) + " / HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_FALSE(parsed.error) << other;
        EXPECT_EQ(parsed.request.method, Method::Other) << other;
    }
}

TEST(Head, DecidesOnKeepAlive) {
    EXPECT_FALSE(parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").framing.keep_alive);
    EXPECT_FALSE(parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n").framing.keep_alive);
    EXPECT_TRUE(parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n").framing.keep_alive);
    EXPECT_FALSE(parse("GET / HTTP/1.0\r\n\r\n").framing.keep_alive);
    EXPECT_TRUE(parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").framing.keep_alive);
    EXPECT_FALSE(parse("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
                     .framing.expects_continue);
}

TEST(Head, TakesThePathOfAbsoluteTargets) {
    const std::pair<const char*, const char*> cases[] = {
        {"http://a/x?y", "/x?y"}, {"HTTPS://a:8443/x", "/x"}, {"http://[::1]:80/", "/"}, {"http://a", "/"}};
    for (const auto& [target, origin] : cases) {
        const std::string text = "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n";
        const Parsed parsed = parse(text);
        EXPECT_FALSE(parsed.error) << target;
        EXPECT_EQ(parsed.request.target, origin);
    }
}

TEST(Head, TakesSoundHosts) {
    for (const char* name :
         {"a", "example.org", "a:80", "127.0.0.1:8080", "[::1]", "[2001:db8::1]:443", "a:", "x_y-z"}) {
        EXPECT_FALSE(parse("GET / HTTP/1.1\r\nHost: " + std::string(name) + "\r\n\r\n").error) << name;
    }
}

struct Refused {
    std::string text;
    ErrorCode code = ErrorCode::MALFORMED_REQUEST;
};

const std::string line = "POST / HTTP/1.1\r\n";
const std::string host = "Host: a\r\n";

// What could be understood in two ways, or is not HTTP at all.
const std::vector<Refused> refused = {
    // Framing.
    {line + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"},
    {line + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {line + host + "Content-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\n"},
    {line + host + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n"},
    {line + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n"},
    {line + host + "Content-Length: 5, 5\r\n\r\n"},
    {line + host + "Content-Length: +5\r\n\r\n"},
    {line + host + "Content-Length: -5\r\n\r\n"},
    {line + host + "Content-Length: 0x5\r\n\r\n"},
    {line + host + "Content-Length: 5 5\r\n\r\n"},
    {line + host + "Content-Length: \r\n\r\n"},
    {line + host + "Content-Length: 5\xb2\r\n\r\n"},
    {line + host + "Content-Length: 99999999999999999999\r\n\r\n"},
    {line + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {line + host + "Transfer-Encoding: chunked, chunked\r\n\r\n"},
    {line + host + "Transfer-Encoding: chunked, identity\r\n\r\n"},
    {line + host + "Transfer-Encoding: identity, chunked\r\n\r\n"},
    {line + host + "Transfer-Encoding: xchunked\r\n\r\n"},
    {line + host + "Transfer-Encoding: chunked;x=1\r\n\r\n"},
    {line + host + "Transfer-Encoding: \"chunked\"\r\n\r\n"},
    {line + host + "Transfer-Encoding:\r\n\r\n"},
    {line + host +
     "Transfer-Encoding: \x0b"
     "chunked\r\n\r\n"},
    {line + host + "Transfer-Encoding: gzip\r\n\r\n", ErrorCode::UNSUPPORTED_TRANSFER_ENCODING},
    {line + host + "Transfer-Encoding: identity\r\n\r\n", ErrorCode::UNSUPPORTED_TRANSFER_ENCODING},
    {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
    // Lines.
    {"POST / HTTP/1.1\nHost: a\r\n\r\n"},
    {line + "Host: a\n\r\n"},
    {line + host + "\n"},
    {line + host + "A: b\rC: d\r\n\r\n"},
    {line + host + "A: b\r\r\n\r\n"},
    {line + host + "A: b\r\n c\r\n\r\n"},
    {line + host + "A: b\r\n\tc\r\n\r\n"},
    {line + host + "A:\r\n c\r\n\r\n"},
    {line + " Host: a\r\n\r\n"},
    {"\r\n\r\n" + line + host + "\r\n"},
    {"\n" + line + host + "\r\n"},
    // Names and values.
    {line + host + "A : b\r\n\r\n"},
    {line + host + "Content-Length : 5\r\n\r\n"},
    {line + host + "Transfer-Encoding\t: chunked\r\n\r\n"},
    {line + host + " A: b\r\n\r\n"},
    {line + host + ": b\r\n\r\n"},
    {line + host + "A\r\n\r\n"},
    {line + host + "A b: c\r\n\r\n"},
    {line + host + "A(b): c\r\n\r\n"},
    {line + host + "\xc3\xa4: c\r\n\r\n"},
    {line + host + std::string("A: b\0c\r\n\r\n", 10)},
    {line + host + std::string("A\0: c\r\n\r\n", 9)},
    {line + host + "A: b\x01\r\n\r\n"},
    {line + host + "A: b\x7f\r\n\r\n"},
    {line + host + "Connection: close x\r\n\r\n"},
    {line + host + "Connection: close;\r\n\r\n"},
    {line + host + "A: 12345678\x7f" + "12345678\r\n\r\n"},
    {line + host + "A: \x1f" + "2345678\r\n\r\n"},
    {line + host + "A: \xc3\xa4\xc3\xa4\xc3\xa4\xc3\x08\r\n\r\n"},
    {"GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET HTTP/1.1\r\nHost: a\r\n\r\n"},
    // Host.
    {line + "\r\n"},
    {line + "A: b\r\n\r\n"},
    {line + host + host + "\r\n"},
    {line + "Host:\r\n\r\n"},
    {line + "Host: a b\r\n\r\n"},
    {line + "Host: a/b\r\n\r\n"},
    {line + "Host: u@a\r\n\r\n"},
    {line + "Host: a, b\r\n\r\n"},
    {line + "Host: a:port\r\n\r\n"},
    {line + "Host: a:123456\r\n\r\n"},
    {line + "Host: [::1\r\n\r\n"},
    {line + "Host: [::1]x\r\n\r\n"},
    {line + "Host: [zz]\r\n\r\n"},
    {line + "Host: :80\r\n\r\n"},
    // Request line.
    {"GET /\r\nHost: a\r\n\r\n"},
    {"GET\r\nHost: a\r\n\r\n"},
    {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET /  HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET / HTTP/1.1 \r\nHost: a\r\n\r\n"},
    {"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET / http/1.1\r\nHost: a\r\n\r\n"},
    {"GET / HTTP/1\r\nHost: a\r\n\r\n"},
    {"GET / HTTP/1.10\r\nHost: a\r\n\r\n"},
    {"GET / HTTP/11\r\nHost: a\r\n\r\n"},
    {"GET / HTTQ/1.1\r\nHost: a\r\n\r\n"},
    {"G(T / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET x HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET * HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET /a\x01 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {std::string("GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n", 30)},
    {"GET ftp://a/x HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET http://u@a/x HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"\x16\x03\x01\x02"},
    {"(GET / HTTP/1.1"},
    // Well-formed, but not ours.
    {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ErrorCode::UNSUPPORTED_HTTP_VERSION},
    {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", ErrorCode::UNSUPPORTED_HTTP_VERSION},
    {"GET / HTTP/1.2\r\nHost: a\r\n\r\n", ErrorCode::UNSUPPORTED_HTTP_VERSION},
    {"GET / HTTP/0.9\r\nHost: a\r\n\r\n", ErrorCode::UNSUPPORTED_HTTP_VERSION},
    {line + host + "Expect: 200-ok\r\n\r\n", ErrorCode::EXPECTATION_FAILED},
    {line + host + "Expect: 100-continue, x\r\n\r\n", ErrorCode::EXPECTATION_FAILED},
};

TEST(Head, RefusesWhatIsAmbiguousOrMalformed) {
    for (const Refused& c : refused) {
        const Parsed parsed = parse(c.text);
        ASSERT_TRUE(parsed.error) << c.text;
        EXPECT_EQ(error_name(*parsed.error), error_name(c.code)) << c.text;
    }
}

TEST(Head, TakesTabsAndBytesBeyondAsciiInValues) {
    const Parsed parsed = parse("GET / HTTP/1.1\r\nHost: a\r\nA: caf\xc3\xa9 \t\xff 12345678\r\n\r\n");
    EXPECT_FALSE(parsed.error);
    EXPECT_EQ(parsed.request.field("a"), "caf\xc3\xa9 \t\xff 12345678");
}

TEST(Head, SkipsOneEmptyLine) {
    const Parsed parsed = parse("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_FALSE(parsed.error);
    EXPECT_EQ(parsed.request.path, "/");
}

TEST(Head, IsFoundHoweverItTrickles) {
    const std::string text = "\r\nGET /x HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\nrest";
    for (std::size_t step = 1; step < 8; ++step) {
        HeadScan scan;
        std::size_t end = 0;
        std::size_t have = 0;
        while (end == 0 && have < text.size()) {
            have = std::min(have + step, text.size());
            const auto found = scan_head(std::string_view(text).substr(0, have), scan, {});
            ASSERT_TRUE(found.ok());
            end = *found;
        }
        EXPECT_EQ(end, text.size() - 4) << step;
        EXPECT_EQ(scan.head_start, 2U);
    }
}

std::string head_of_size(std::size_t size) {
    std::string text = "GET / HTTP/1.1\r\nHost: a\r\nA: ";
    text.append(size - text.size() - 4, 'x');
    return text + "\r\n\r\n";
}

TEST(Head, IsBoundedInBytes) {
    Limits limits;
    limits.header_bytes = 500;
    EXPECT_FALSE(parse(head_of_size(500), limits).error);
    EXPECT_FALSE(parse("\r\n" + head_of_size(500), limits).error);
    EXPECT_EQ(parse(head_of_size(501), limits).error, ErrorCode::HEADER_TOO_LARGE);
    // Before the end has come.
    EXPECT_EQ(parse(head_of_size(600).substr(0, 500), limits).error, ErrorCode::HEADER_TOO_LARGE);
    HeadScan scan;
    EXPECT_TRUE(scan_head(head_of_size(600).substr(0, 499), scan, limits).ok());
}

TEST(Head, IsBoundedInFields) {
    Limits limits;
    limits.header_fields = 5;
    const auto with_fields = [](std::size_t count) {
        std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
        for (std::size_t i = 1; i < count; ++i) text += "A: b\r\n";
        return text + "\r\n";
    };
    EXPECT_FALSE(parse(with_fields(5), limits).error);
    EXPECT_EQ(parse(with_fields(6), limits).error, ErrorCode::HEADER_TOO_LARGE);
}

TEST(Head, IsBoundedInItsTarget) {
    Limits limits;
    limits.target_bytes = 50;
    const auto with_target = [](std::size_t size) {
        return "GET /" + std::string(size - 1, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    EXPECT_FALSE(parse(with_target(50), limits).error);
    EXPECT_EQ(parse(with_target(51), limits).error, ErrorCode::URI_TOO_LONG);
    // Before the line has come to its end.
    EXPECT_EQ(parse("GET /" + std::string(200, 'x'), limits).error, ErrorCode::URI_TOO_LONG);
}

}  // namespace
}  // namespace credvault::http
