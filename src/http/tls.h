// TLS by OpenSSL: the server's certificate as a context that can be replaced while sessions run, and one session per
// connection over its non-blocking socket. TLS 1.2 and 1.3, forward-secret ciphers, ALPN "http/1.1". Contexts are
// immutable and shared between threads; a session belongs to its connection's thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/server.h"
#include "http/stream.h"

struct ssl_ctx_st;
struct ssl_st;

namespace credvault::http {

class TlsSession {
public:
    explicit TlsSession(ssl_ctx_st& context);
    ~TlsSession();
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;

    /// Reads and writes through this socket from now on; it must outlive the session.
    void attach(Socket& socket);
    IoResult handshake();
    IoResult receive(char* data, std::size_t size);
    IoResult send(std::string_view data);
    void close_notify();

private:
    IoResult outcome(int returned);

    ssl_st* ssl_;
    bool broken_ = false;
};

class TlsContext {
public:
    /// Reads the chain and the key. Fails with INVALID_PARAMETER, naming the file, where one can't be read or where
    /// they do not belong together.
    static Result<std::shared_ptr<const TlsContext>> load(const TlsFiles& files);
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    std::unique_ptr<TlsSession> new_session() const;

private:
    explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
    ssl_ctx_st* context_;
};

}  // namespace credvault::http
