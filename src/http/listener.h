// Accepts connections for one I/O thread. Every thread has a listener of its own on the same port (SO_REUSEPORT), and
// the kernel spreads connections over them. Belongs to its thread, but for the constructor and open().
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>

#include "http/address.h"
#include "http/io_thread.h"
#include "http/tls.h"

namespace credvault::http {

class Listener {
public:
    /// Gives the context for a new connection; null without TLS.
    using TlsSource = std::function<std::shared_ptr<const TlsContext>()>;

    Listener(IoThread& thread, ConnectionLimiter& limiter, TlsSource tls);

    /// Binds and listens. Fails with INVALID_PARAMETER where the address is in use or not ours.
    Status open(const boost::asio::ip::tcp::endpoint& endpoint, bool shared_port);
    boost::asio::ip::tcp::endpoint endpoint() const { return endpoint_; }
    void start() { wait(); }
    void close();

private:
    void wait();
    void accept_some();
    bool accept_one();

    IoThread& thread_;
    ConnectionLimiter& limiter_;
    TlsSource tls_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer pause_;
    boost::asio::ip::tcp::endpoint endpoint_;
};

}  // namespace credvault::http
