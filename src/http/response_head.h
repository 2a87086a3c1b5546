// The head of a response as text: status line, the server's own fields and the handler's. What could inject a field is
// dropped or made harmless here. Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/coding.h"
#include "http/message.h"

namespace credvault::http {

enum class Persistence : std::uint8_t {
    Default,    ///< HTTP/1.1's: the connection stays, nothing is said.
    KeepAlive,  ///< Said to an HTTP/1.0 client that asked.
    Close,
};

/// What the server decides about a response.
struct ResponseFrame {
    std::optional<std::uint64_t> content_length;  ///< Absent: chunked, or until the connection closes.
    bool chunked = false;
    bool vary = false;  ///< The coding depends on the request.
    Coding coding = Coding::Identity;
    Persistence persistence = Persistence::Default;
};

/// Whether responses of this status have neither body nor Content-Length: 1xx, 204 and 304.
bool is_bodiless(int status);

/// Appends the head, blank line included. Fields of the response that frame the message (Content-Length,
/// Transfer-Encoding, Connection, Date and the like) are the server's and left out.
void append_head(std::string& out, const Response& response, const ResponseFrame& frame,
                 std::string_view date_line);

}  // namespace credvault::http
