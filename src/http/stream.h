// The bytes of one connection, plain or through TLS: non-blocking reads and writes that remember whether the socket
// would block, so that no system call is made in vain. Owns the socket. For one thread.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace credvault::http {

enum class IoState : std::uint8_t {
    Done,       ///< Some bytes went through.
    WantRead,   ///< Try again when the socket is readable.
    WantWrite,  ///< Try again when the socket is writable.
    Closed,     ///< The peer has closed, or the connection broke.
};

struct IoResult {
    IoState state = IoState::Done;
    std::size_t bytes = 0;
};

/// A non-blocking socket, edge-triggered.
class Socket {
public:
    explicit Socket(int descriptor) : descriptor_(descriptor) {}
    ~Socket();
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    IoResult receive(char* data, std::size_t size);
    /// Sends both parts in one call; never raises SIGPIPE. The second part may be empty.
    IoResult send(std::string_view first, std::string_view second);
    /// Takes what epoll_wait told.
    void note(std::uint32_t events);
    /// Sends our FIN.
    void shutdown_send();
    /// Bytes sent that the peer has not acknowledged.
    std::size_t queued() const;

    bool readable() const { return readable_; }
    bool writable() const { return writable_; }
    int descriptor() const { return descriptor_; }
    std::uint64_t bytes_in() const { return bytes_in_; }
    std::uint64_t bytes_out() const { return bytes_out_; }

private:
    int descriptor_;
    bool readable_ = false;
    bool writable_ = true;
    bool ended_ = false;  ///< The peer has sent its FIN or a reset.
    std::uint64_t bytes_in_ = 0;
    std::uint64_t bytes_out_ = 0;
};

class TlsSession;

/// A socket with or without a TLS session on it.
class Stream {
public:
    /// `session` may be null.
    Stream(int descriptor, std::unique_ptr<TlsSession> session);
    ~Stream();

    /// Done when the handshake is complete; at once without TLS.
    IoResult handshake();
    IoResult receive(char* data, std::size_t size);
    IoResult send(std::string_view first, std::string_view second);
    /// Says goodbye: TLS's close_notify where it can be sent without waiting, then our FIN.
    void shutdown_send();
    bool secure() const { return session_ != nullptr; }
    Socket& socket() { return socket_; }
    const Socket& socket() const { return socket_; }

private:
    Socket socket_;
    std::unique_ptr<TlsSession> session_;
};

}  // namespace credvault::http
