// The HTTP/1.1 server: one I/O thread per core, each with its own io_context, acceptor (SO_REUSEPORT) and connections
// that never change thread. Each I/O thread is an Executor while it runs. start() and stop() are called by the owner;
// everything else is internal.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace credvault::http {

struct TlsFiles {
    std::string certificate_chain;  ///< PEM file; empty: no TLS.
    std::string private_key;        ///< PEM file.
};

/// Every limit of the server. Times in milliseconds, sizes in bytes.
struct Limits {
    std::size_t header_bytes = 16 * 1024;
    std::size_t header_fields = 100;
    std::size_t target_bytes = 8 * 1024;
    std::size_t body_bytes =
        32 * 1024 * 1024;  ///< Upper bound for Request::body, whatever the handler asks for.
    /// For all bodies being received together; beyond it one that does not fit its connection's read buffer gets a
    /// 503. Bodies up to 16 KiB are not counted.
    std::size_t body_memory_bytes = 512 * 1024 * 1024;
    std::int64_t header_ms = 10'000;     ///< From the first byte (or the accept) to the whole head.
    std::int64_t idle_ms = 75'000;       ///< Between requests.
    std::int64_t body_grace_ms = 5'000;  ///< Before the least rate is applied.
    std::size_t least_body_rate = 1024;  ///< Bytes a second, over the whole body after the grace.
    std::int64_t write_ms = 30'000;      ///< A response of which nothing is taken for so long is broken off.
    std::size_t connections = 20'000;    ///< In all.
    std::size_t connections_per_address = 20'000;
    std::size_t pipelined = 64;         ///< Responses gathered into one send at most.
    std::size_t compress_from = 1024;   ///< Bodies from this size are compressed where the client accepts it.
    std::int64_t shutdown_ms = 10'000;  ///< To finish what is in flight.
};

/// Counters for /metrics; a consistent-enough sum over the threads.
struct ServerStats {
    std::uint64_t accepted = 0;
    std::uint64_t open = 0;
    std::uint64_t refused = 0;
    std::uint64_t requests = 0;
    std::uint64_t rejected = 0;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::uint64_t body_memory = 0;  ///< Held by request bodies, as limits.body_memory_bytes counts it.
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;  ///< 0: any free port, told by Server::port().
    unsigned threads = 0;       ///< 0: one per core.
    TlsFiles tls;
    Limits limits;
    std::function<void(unsigned thread)> on_thread_start;  ///< Runs on each I/O thread before it serves.
    std::function<void(unsigned thread)> on_thread_stop;
};

class Server {
public:
    /// `handler` must outlive the server.
    Server(ServerOptions options, Handler& handler);
    /// Stops. The I/O threads' executors live until here, so destroy the server after what may still complete replies
    /// that a handler started.
    ~Server();

    /// Binds and starts the threads. Fails where the address is taken or the certificate can't be read.
    Status start();
    /// Stops accepting, finishes what is in flight within limits.shutdown_ms, joins. Safe to call twice.
    void stop();
    /// Reads the certificate files again; what was in use stays on failure.
    Status reload_tls();
    std::uint16_t port() const;
    ServerStats stats() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace credvault::http
