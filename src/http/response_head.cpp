#include "http/response_head.h"

#include <array>
#include <charconv>

namespace credvault::http {
namespace {

std::string_view reason(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 206: return "Partial Content";
        case 301: return "Moved Permanently";
        case 302: return "Found";
        case 303: return "See Other";
        case 304: return "Not Modified";
        case 307: return "Temporary Redirect";
        case 308: return "Permanent Redirect";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 406: return "Not Acceptable";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 410: return "Gone";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 415: return "Unsupported Media Type";
        case 417: return "Expectation Failed";
        case 422: return "Unprocessable Content";
        case 428: return "Precondition Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 502: return "Bad Gateway";
        case 503: return "Service Unavailable";
        case 504: return "Gateway Timeout";
        case 505: return "HTTP Version Not Supported";
        default: return "Unknown";
    }
}

template <class Number>
void append_number(std::string& out, Number number) {
    std::array<char, 24> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
    out.append(text.data(), end.ptr);
}

}  // namespace

bool is_bodiless(int status) { return status < 200 || status == 204 || status == 304; }

void append_head(std::string& out, const Response& response, const ResponseFrame& frame,
                 std::string_view date_line) {
    if (response.status == 200) {
        out.append("HTTP/1.1 200 OK\r\n");
    } else {
        out.append("HTTP/1.1 ");
        append_number(out, response.status);
        out.append(" ").append(reason(response.status)).append("\r\n");
    }
    out.append(date_line);
    if (!response.content_type.empty() && !is_bodiless(response.status)) {
        out.append("Content-Type: ").append(response.content_type).append("\r\n");
    }
    if (frame.content_length && !is_bodiless(response.status)) {
        out.append("Content-Length: ");
        append_number(out, *frame.content_length);
        out.append("\r\n");
    } else if (frame.chunked) {
        out.append("Transfer-Encoding: chunked\r\n");
    }
    if (frame.coding != Coding::Identity) {
        out.append("Content-Encoding: ").append(coding_name(frame.coding)).append("\r\n");
    }
    if (frame.vary) out.append("Vary: Accept-Encoding\r\n");
    out.append(response.fields.lines());
    if (frame.persistence == Persistence::Close) out.append("Connection: close\r\n");
    if (frame.persistence == Persistence::KeepAlive) out.append("Connection: keep-alive\r\n");
    out.append("\r\n");
}

}  // namespace credvault::http
