#include "http/head.h"

#include <boost/beast/http/basic_parser.hpp>
#include <cstring>

#include "http/syntax.h"
#include "http/target.h"

namespace credvault::http {
namespace {

namespace beast = boost::beast;

Error malformed(std::string message) { return Error(ErrorCode::MALFORMED_REQUEST, std::move(message)); }

Error too_large(const Limits& limits) {
    return Error(ErrorCode::HEADER_TOO_LARGE, "The request's header may have at most " +
                                                  std::to_string(limits.header_bytes) + " bytes and " +
                                                  std::to_string(limits.header_fields) + " fields");
}

Error target_too_long(const Limits& limits) {
    return Error(ErrorCode::URI_TOO_LONG,
                 "The request target may have at most " + std::to_string(limits.target_bytes) + " bytes");
}

Method method_of(beast::http::verb verb) {
    switch (verb) {
        case beast::http::verb::get: return Method::Get;
        case beast::http::verb::head: return Method::Head;
        case beast::http::verb::post: return Method::Post;
        case beast::http::verb::put: return Method::Put;
        case beast::http::verb::patch: return Method::Patch;
        case beast::http::verb::delete_: return Method::Delete;
        case beast::http::verb::options: return Method::Options;
        default: return Method::Other;
    }
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

/// Fills a Request from Beast's events and adds the checks that Beast leaves to its user.
class HeadParser final : public beast::http::basic_parser<true> {
public:
    HeadParser(std::string_view head, const Limits& limits, Request& request, Framing& framing)
        : limits_(limits), request_(request), framing_(framing) {
        header_limit(static_cast<std::uint32_t>(head.size() + 1));
        body_limit(boost::none);
    }

    Status finish();
    /// What was wrong, where Beast only knows that something was.
    std::optional<Error> error;

private:
    using Code = beast::error_code;
    using Text = beast::string_view;

    void fail(Error what, Code& code) {
        error.emplace(std::move(what));
        code = beast::http::error::bad_field;
    }

    void on_request_impl(beast::http::verb verb, Text method, Text target, int version, Code& code) override {
        request_.method = method_of(verb);
        request_.method_text = view(method);
        framing_.http_1_0 = version == 10;
        if (auto split = split_target(view(target), request_); !split.ok())
            fail(std::move(split).error(), code);
    }
    void on_field_impl(beast::http::field field, Text name, Text value, Code& code) override;
    void on_header_impl(Code&) override {}

    // The body is not Beast's affair.
    void on_response_impl(int, Text, int, Code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
    std::size_t on_body_impl(Text, Code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text, Code&) override { return 0; }
    void on_finish_impl(Code&) override {}

    void on_content_length(std::string_view value, Code& code);
    void on_transfer_encoding(std::string_view value, Code& code);
    void on_host(std::string_view value, Code& code);
    void on_expect(std::string_view value, Code& code);

    const Limits& limits_;
    Request& request_;
    Framing& framing_;
    bool has_host_ = false;
    bool has_length_ = false;
    bool has_encoding_ = false;
};

void HeadParser::on_field_impl(beast::http::field field, Text name, Text value, Code& code) {
    if (request_.fields.size() == limits_.header_fields) return fail(too_large(limits_), code);
    request_.fields.push_back({view(name), view(value)});
    switch (field) {
        case beast::http::field::content_length: return on_content_length(view(value), code);
        case beast::http::field::transfer_encoding: return on_transfer_encoding(view(value), code);
        case beast::http::field::host: return on_host(view(value), code);
        case beast::http::field::expect: return on_expect(view(value), code);
        case beast::http::field::accept_encoding:
            if (framing_.accept_encoding.empty()) framing_.accept_encoding = view(value);
            return;
        default: return;
    }
}

void HeadParser::on_content_length(std::string_view value, Code& code) {
    if (has_length_) return fail(malformed("Content-Length is given twice"), code);
    has_length_ = true;
    if (value.empty() || value.size() > 18 ||
        value.find_first_not_of("0123456789") != std::string_view::npos) {
        return fail(malformed("Content-Length must be one decimal number"), code);
    }
    for (const char digit : value) {
        framing_.content_length = framing_.content_length * 10 + static_cast<std::uint64_t>(digit - '0');
    }
}

void HeadParser::on_transfer_encoding(std::string_view value, Code& code) {
    if (has_encoding_) return fail(malformed("Transfer-Encoding is given twice"), code);
    has_encoding_ = true;
    if (equal_ignoring_case(value, "chunked")) {
        framing_.chunked = true;
        return;
    }
    const std::string coding = lower(value);
    if (coding.empty() || coding.find("chunked") != std::string::npos) {
        // "chunked, chunked", "chunked;x" and "xchunked" are attempts to be understood in two ways.
        return fail(malformed("Transfer-Encoding must be \"chunked\""), code);
    }
    fail(Error(ErrorCode::UNSUPPORTED_TRANSFER_ENCODING,
               "The only supported Transfer-Encoding is \"chunked\""),
         code);
}

void HeadParser::on_host(std::string_view value, Code& code) {
    if (has_host_) return fail(malformed("Host is given twice"), code);
    has_host_ = true;
    if (!is_authority(value))
        fail(malformed("Host must be a host name or address with an optional port"), code);
}

void HeadParser::on_expect(std::string_view value, Code& code) {
    if (!equal_ignoring_case(value, "100-continue")) {
        return fail(Error(ErrorCode::EXPECTATION_FAILED, "The only supported Expect is \"100-continue\""),
                    code);
    }
    framing_.expects_continue = true;
}

/// What no single field can tell.
Status HeadParser::finish() {
    if (!framing_.http_1_0 && !has_host_) return malformed("The Host field is missing");
    if (has_encoding_ && has_length_)
        return malformed("Transfer-Encoding and Content-Length exclude each other");
    if (has_encoding_ && framing_.http_1_0) return malformed("Transfer-Encoding needs HTTP/1.1");
    framing_.keep_alive = keep_alive();
    framing_.expects_continue = framing_.expects_continue && !framing_.http_1_0;
    request_.has_body = framing_.chunked || framing_.content_length > 0;
    return {};
}

/// Whether the request line ends in a well-formed version that is not ours.
bool has_other_version(std::string_view head) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    if (line.size() < 9) return false;
    const std::string_view version = line.substr(line.size() - 9);
    return version.starts_with(" HTTP/") && is_digit(version[6]) && version[7] == '.' &&
           is_digit(version[8]) && version != " HTTP/1.1" && version != " HTTP/1.0";
}

Error explain(beast::error_code code, std::string_view head) {
    namespace http = beast::http;
    if (has_other_version(head)) {
        return Error(ErrorCode::UNSUPPORTED_HTTP_VERSION, "This server speaks HTTP/1.1 and HTTP/1.0");
    }
    if (code == http::error::bad_method)
        return malformed("The request line must begin with a method and a space");
    if (code == http::error::bad_target)
        return malformed("The request target has a character that is not allowed");
    if (code == http::error::bad_version)
        return malformed("The request line must end in HTTP/1.1 or HTTP/1.0");
    if (code == http::error::bad_field)
        return malformed("A header field has no valid name followed by a colon");
    if (code == http::error::bad_value)
        return malformed("A header field has a control character in its value");
    if (code == http::error::bad_line_ending) return malformed("A line of the header does not end in CR LF");
    if (code == http::error::bad_content_length || code == http::error::multiple_content_length) {
        return malformed("Content-Length must be one decimal number, without Transfer-Encoding");
    }
    if (code == http::error::bad_transfer_encoding) {
        return malformed("Transfer-Encoding must be \"chunked\", without Content-Length");
    }
    return malformed("The request's header is not valid HTTP");
}

/// What one finished line shows before the whole head is there. `line` includes its CR LF.
Status check_line(std::string_view line, std::uint32_t index, const Limits& limits) {
    if (line.size() < 2 || line[line.size() - 2] != '\r') return malformed("A line ends in LF without CR");
    if (index > limits.header_fields) return too_large(limits);
    if (index > 0) {
        if (line[0] == ' ' || line[0] == '\t') return malformed("Folded header fields are not allowed");
        return {};
    }
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first != std::string_view::npos && last - first > limits.target_bytes + 1)
        return target_too_long(limits);
    return {};
}

}  // namespace

Result<std::size_t> scan_head(std::string_view data, HeadScan& scan, const Limits& limits) {
    if (!data.empty() && data[0] != '\r' && !is_token_char(data[0])) {
        return malformed("A request must begin with a method");
    }
    while (scan.position < data.size()) {
        const void* found = std::memchr(data.data() + scan.position, '\n', data.size() - scan.position);
        if (found == nullptr) {
            scan.position = data.size();
            break;
        }
        const std::size_t end = static_cast<std::size_t>(static_cast<const char*>(found) - data.data()) + 1;
        const std::string_view line = data.substr(scan.line_start, end - scan.line_start);
        scan.position = end;
        scan.line_start = end;
        if (line == "\r\n") {
            if (scan.lines > 0) {
                if (end - scan.head_start > limits.header_bytes) return too_large(limits);
                return end;
            }
            if (scan.head_start > 0) return malformed("Empty lines before the request line");
            scan.head_start = end;
            continue;
        }
        TRY_VOID(check_line(line, scan.lines, limits));
        ++scan.lines;
    }
    if (data.size() - scan.head_start >= limits.header_bytes) {
        if (scan.lines == 0) return target_too_long(limits);
        return too_large(limits);
    }
    constexpr std::size_t longest_method = 64;
    if (scan.lines == 0 && data.size() > limits.target_bytes + longest_method) return target_too_long(limits);
    return std::size_t{0};
}

Status parse_head(std::string_view head, const Limits& limits, Request& request, Framing& framing) {
    request.fields.clear();
    framing = {};
    HeadParser parser(head, limits, request, framing);
    beast::error_code code;
    const std::size_t used = parser.put({head.data(), head.size()}, code);
    if (parser.error) return std::move(*parser.error);
    if (code) return explain(code, head);
    if (used != head.size() || !parser.is_header_done())
        return malformed("The request's header is not valid HTTP");
    return parser.finish();
}

}  // namespace credvault::http
