// A request as the server hands it to its handler, and the response that comes back. The request's views (target,
// fields, body) are valid until the response is returned. Everything happens on the connection's thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/reply.h"
#include "http/response_fields.h"

namespace credvault::http {

enum class Method : std::uint8_t { Get, Head, Post, Put, Patch, Delete, Options, Other };

std::string_view method_name(Method method);

/// A header field as it was sent; names compare without case.
struct Field {
    std::string_view name;
    std::string_view value;
};

class Request {
public:
    virtual ~Request() = default;

    Method method = Method::Get;
    std::string_view method_text;     ///< As sent, for Method::Other.
    std::string_view target;          ///< Origin form, as sent: path and query.
    std::string_view path;            ///< Undecoded, without the query.
    std::string_view query;           ///< Undecoded, without the question mark.
    std::vector<Field> fields;        ///< At most the configured count.
    std::string_view remote_address;  ///< Text of the peer's address, without the port.
    bool secure = false;              ///< Came over TLS.
    std::int64_t started_ns = 0;      ///< monotonic_ns() when the head was complete.

    /// The field's value without surrounding white space; the first one where it is repeated.
    std::optional<std::string_view> field(std::string_view name) const;
    /// Whether a body was announced (Content-Length above 0, or chunked).
    bool has_body = false;

    /// Reads the whole body, of at most `max_bytes`; answers 100-continue where it was asked for. Fails with
    /// PAYLOAD_TOO_LARGE, REQUEST_TIMEOUT (too slow) or MALFORMED_REQUEST (bad chunk, broken off); the connection is
    /// then closed after the response. Ready at once where the body has arrived with the head. Call it once. The bytes
    /// are followed by at least 64 that may be read (not written), as JSON parsers like it.
    virtual Reply<std::string_view> body(std::size_t max_bytes) = 0;
    /// Reads the next piece of the body as it arrives; empty at its end. Not mixed with body().
    virtual Reply<std::string_view> read_some() = 0;
    /// Whether the client has gone away or at least finished sending, which few do before they have their answer; asked
    /// by long work, from any thread.
    virtual bool disconnected() const = 0;
    /// The same as a flag that becomes true, for work that is handed down; null where there is none. It lives as long
    /// as the request.
    virtual const std::atomic<bool>* gone() const { return nullptr; }
};

/// A response body made piece by piece: the next one is asked for when the socket has taken the last (back-pressure).
class BodySource {
public:
    virtual ~BodySource() = default;
    /// The next piece; empty at the end. A failure breaks the connection off, so that the client sees it is not whole.
    virtual Reply<std::string> next() = 0;
    /// Nobody takes the rest: the connection broke or, with flush_each, the client has finished or the server stops. A
    /// waiting next() should answer soon, with the end; until it does, connection and source are kept. Comes at most
    /// once, on the connection's thread.
    virtual void abandon() {}
};

struct Response {
    int status = 200;
    std::string_view content_type = "application/json";  ///< A literal; empty for none.
    ResponseFields fields;
    std::string body;
    std::unique_ptr<BodySource> stream;  ///< Instead of body; sent chunked.
    bool flush_each = false;  ///< With stream: send each piece at once (server-sent events), uncompressed.
    bool close = false;       ///< Close the connection afterwards.
};

/// What the server calls. One instance is shared by all I/O threads.
class Handler {
public:
    virtual ~Handler() = default;
    virtual Reply<Response> handle(Request& request) = 0;
    /// The response to a request that never became one (malformed head, limits, too many connections).
    virtual Response reject(const Error& error, std::string_view remote_address) = 0;
};

}  // namespace credvault::http
