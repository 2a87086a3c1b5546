// The head of a request: finding its end, then parsing it at once and refusing what is malformed or could smuggle a
// second request past a proxy (RFC 9112, sections 3, 6 and 11). Pure functions on bytes, thread-safe; the views in the
// request point into the head.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/message.h"
#include "http/server.h"

namespace credvault::http {

/// How far the search for the blank line has come; kept between reads, so that a trickled head costs no more.
struct HeadScan {
    std::size_t position = 0;    ///< Bytes looked at.
    std::size_t line_start = 0;  ///< Where the unfinished line begins.
    std::size_t head_start = 0;  ///< 2 after an empty line before the request line, which is skipped.
    std::uint32_t lines = 0;     ///< Finished lines, the request line among them.
};

/// Looks for the end of the head in `data`, which holds all bytes of the request so far. Returns the head's end, or 0
/// while it is not there yet. Fails as soon as the limits are exceeded (URI_TOO_LONG, HEADER_TOO_LARGE) or a line ends
/// in a bare LF, is folded, or the first byte can't begin a request (MALFORMED_REQUEST).
Result<std::size_t> scan_head(std::string_view data, HeadScan& scan, const Limits& limits);

/// How the body is delimited and what becomes of the connection.
struct Framing {
    std::uint64_t content_length = 0;
    bool chunked = false;
    bool keep_alive = true;
    bool expects_continue = false;
    bool http_1_0 = false;
    std::string_view accept_encoding;  ///< The first such field's value.
};

/// Parses a whole head, blank line included, into the request's views. `framing` is filled as far as it was
/// understood. Fails with MALFORMED_REQUEST, HEADER_TOO_LARGE, URI_TOO_LONG, EXPECTATION_FAILED,
/// UNSUPPORTED_TRANSFER_ENCODING or UNSUPPORTED_HTTP_VERSION; the connection must then be closed.
Status parse_head(std::string_view head, const Limits& limits, Request& request, Framing& framing);

}  // namespace credvault::http
