#include "http/head.h"

#include <algorithm>
#include <cstring>

#include "http/syntax.h"
#include "http/target.h"

namespace credvault::http {
namespace {

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

Method method_of(std::string_view name) {
    switch (name.size()) {
        case 3: return name == "GET" ? Method::Get : name == "PUT" ? Method::Put : Method::Other;
        case 4: return name == "POST" ? Method::Post : name == "HEAD" ? Method::Head : Method::Other;
        case 5: return name == "PATCH" ? Method::Patch : Method::Other;
        case 6: return name == "DELETE" ? Method::Delete : Method::Other;
        case 7: return name == "OPTIONS" ? Method::Options : Method::Other;
        default: return Method::Other;
    }
}

bool space_in(std::string_view text) {
    return text.find(' ') != std::string_view::npos || text.find('\t') != std::string_view::npos;
}

/// Fills a Request from the lines of a head and refuses what RFC 9112 forbids or what two parsers might understand in
/// two ways.
class HeadParser {
public:
    HeadParser(const Limits& limits, Request& request, Framing& framing)
        : limits_(limits), request_(request), framing_(framing) {}

    Status request_line(std::string_view line);
    Status field_line(std::string_view line);
    /// What no single line can tell.
    Status finish();

private:
    Status field(std::string_view name, std::string_view value);
    Status content_length(std::string_view value);
    Status transfer_encoding(std::string_view value);
    Status host(std::string_view value);
    Status expect(std::string_view value);
    Status connection(std::string_view value);

    const Limits& limits_;
    Request& request_;
    Framing& framing_;
    bool has_host_ = false;
    bool has_length_ = false;
    bool has_encoding_ = false;
    bool other_encoding_ = false;
    bool closes_ = false;
    bool keeps_alive_ = false;
};

/// Whether the request line ends in a well-formed version that is not ours.
bool is_other_version(std::string_view version) {
    return version.starts_with(" HTTP/") && is_digit(version[6]) && version[7] == '.' && is_digit(version[8]);
}

Status HeadParser::request_line(std::string_view line) {
    constexpr std::size_t version_bytes = std::string_view(" HTTP/1.1").size();
    const std::string_view version = line.substr(line.size() - std::min(line.size(), version_bytes));
    framing_.http_1_0 = version == " HTTP/1.0";
    if (!framing_.http_1_0 && version != " HTTP/1.1") {
        if (version.size() == version_bytes && is_other_version(version)) {
            return Error(ErrorCode::UNSUPPORTED_HTTP_VERSION, "This server speaks HTTP/1.1 and HTTP/1.0");
        }
        return malformed("The request line must end in HTTP/1.1 or HTTP/1.0");
    }
    const std::size_t space = line.find(' ');
    const std::string_view method = line.substr(0, space);
    if (!is_token(method)) return malformed("The request line must begin with a method and a space");
    const std::size_t target = space + 1;
    const std::size_t end = line.size() - version_bytes;
    if (target >= end || space_in(line.substr(target, end - target))) {
        return malformed("The request target has a character that is not allowed");
    }
    request_.method_text = method;
    request_.method = method_of(method);
    return split_target(line.substr(target, end - target), request_);
}

Status HeadParser::field_line(std::string_view line) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view name = line.substr(0, colon);
    if (colon == line.size() || !is_token(name))
        return malformed("A header field has no valid name followed by a colon");
    const std::string_view value = trim(line.substr(colon + 1));
    if (has_control(value)) return malformed("A header field has a control character in its value");
    if (request_.fields.size() == limits_.header_fields) return too_large(limits_);
    request_.fields.push_back({name, value});
    return field(name, value);
}

Status HeadParser::field(std::string_view name, std::string_view value) {
    const auto is = [&](std::string_view known) { return equal_ignoring_case(name, known); };
    switch (name.size()) {
        case 4: return is("host") ? host(value) : Status();
        case 6: return is("expect") ? expect(value) : Status();
        case 10: return is("connection") ? connection(value) : Status();
        case 14: return is("content-length") ? content_length(value) : Status();
        case 15:
            if (is("accept-encoding") && framing_.accept_encoding.empty()) framing_.accept_encoding = value;
            return {};
        case 17: return is("transfer-encoding") ? transfer_encoding(value) : Status();
        default: return {};
    }
}

Status HeadParser::content_length(std::string_view value) {
    if (has_length_) return malformed("Content-Length is given twice");
    has_length_ = true;
    if (value.empty() || value.size() > 18 || !std::all_of(value.begin(), value.end(), is_digit))
        return malformed("Content-Length must be one decimal number");
    for (const char digit : value) {
        framing_.content_length = framing_.content_length * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    return {};
}

Status HeadParser::transfer_encoding(std::string_view value) {
    if (has_encoding_) return malformed("Transfer-Encoding is given twice");
    has_encoding_ = true;
    if (equal_ignoring_case(value, "chunked")) {
        framing_.chunked = true;
        return {};
    }
    const std::string coding = lower(value);
    if (coding.empty() || coding.find("chunked") != std::string::npos) {
        // "chunked, chunked", "chunked;x" and "xchunked" are attempts to be understood in two ways.
        return malformed("Transfer-Encoding must be \"chunked\"");
    }
    other_encoding_ = true;  // Unless something worse is found.
    return {};
}

Status HeadParser::host(std::string_view value) {
    if (has_host_) return malformed("Host is given twice");
    has_host_ = true;
    if (!is_authority(value)) return malformed("Host must be a host name or address with an optional port");
    return {};
}

Status HeadParser::expect(std::string_view value) {
    if (!equal_ignoring_case(value, "100-continue"))
        return Error(ErrorCode::EXPECTATION_FAILED, "The only supported Expect is \"100-continue\"");
    framing_.expects_continue = true;
    return {};
}

/// A list of options, of which two are ours.
Status HeadParser::connection(std::string_view value) {
    while (!value.empty()) {
        const std::size_t comma = std::min(value.find(','), value.size());
        const std::string_view option = trim(value.substr(0, comma));
        if (!option.empty() && !is_token(option))
            return malformed("Connection must be a list of options separated by commas");
        closes_ |= equal_ignoring_case(option, "close");
        keeps_alive_ |= equal_ignoring_case(option, "keep-alive");
        value.remove_prefix(std::min(comma + 1, value.size()));
    }
    return {};
}

Status HeadParser::finish() {
    if (!framing_.http_1_0 && !has_host_) return malformed("The Host field is missing");
    if (has_encoding_ && has_length_)
        return malformed("Transfer-Encoding and Content-Length exclude each other");
    if (has_encoding_ && framing_.http_1_0) return malformed("Transfer-Encoding needs HTTP/1.1");
    if (other_encoding_) {
        return Error(ErrorCode::UNSUPPORTED_TRANSFER_ENCODING,
                     "The only supported Transfer-Encoding is \"chunked\"");
    }
    framing_.keep_alive = !closes_ && (keeps_alive_ || !framing_.http_1_0);
    framing_.expects_continue = framing_.expects_continue && !framing_.http_1_0;
    request_.has_body = framing_.chunked || framing_.content_length > 0;
    return {};
}

/// The next line without its CR LF; fails where it does not end in them.
Result<std::string_view> take_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos || end == 0 || rest[end - 1] != '\r')
        return malformed("A line of the header does not end in CR LF");
    const std::string_view line = rest.substr(0, end - 1);
    rest.remove_prefix(end + 1);
    return line;
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
    HeadParser parser(limits, request, framing);
    TRY(std::string_view line, take_line(head));
    TRY_VOID(parser.request_line(line));
    while (true) {
        TRY(line, take_line(head));
        if (line.empty()) break;
        TRY_VOID(parser.field_line(line));
    }
    if (!head.empty()) return malformed("The request's header is not valid HTTP");
    return parser.finish();
}

}  // namespace credvault::http
