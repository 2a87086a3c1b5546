#include "http/listener.h"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "http/connection.h"

namespace credvault::http {
namespace {

using boost::system::error_code;
using Tcp = boost::asio::ip::tcp;

/// Accepted in a row before other work gets its turn.
constexpr int accept_batch = 64;
/// How long to wait when descriptors or memory have run out.
constexpr std::chrono::milliseconds accept_pause{100};
/// Connections over the limits that may be told so at a time; more are closed without a word.
constexpr unsigned refusing_at_once = 256;

}  // namespace

Listener::Listener(IoThread& thread, ConnectionLimiter& limiter, TlsSource tls)
    : thread_(thread),
      limiter_(limiter),
      tls_(std::move(tls)),
      acceptor_(thread.context()),
      pause_(thread.context()) {}

Status Listener::open(const Tcp::endpoint& endpoint, bool shared_port) {
    error_code failed;
    acceptor_.open(endpoint.protocol(), failed);
    if (!failed) acceptor_.set_option(Tcp::acceptor::reuse_address(true), failed);
    if (!failed && shared_port) {
        const int on = 1;
        if (::setsockopt(acceptor_.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
            failed.assign(errno, boost::system::system_category());
        }
    }
    if (!failed) acceptor_.bind(endpoint, failed);
    if (!failed) acceptor_.listen(Tcp::acceptor::max_listen_connections, failed);
    if (!failed) acceptor_.non_blocking(true, failed);
    if (!failed) endpoint_ = acceptor_.local_endpoint(failed);
    if (!failed) return {};
    return Error(ErrorCode::INVALID_PARAMETER,
                 "Can't listen on " + endpoint.address().to_string() + " port " +
                     std::to_string(endpoint.port()) + ": " + failed.message(),
                 "address");
}

void Listener::close() {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
}

void Listener::wait() {
    acceptor_.async_wait(Tcp::acceptor::wait_read, [this](const error_code& failed) {
        if (!failed) accept_some();
    });
}

void Listener::accept_some() {
    for (int i = 0; i < accept_batch; ++i) {
        if (accept_one()) continue;
        if (errno == EINTR || errno == ECONNABORTED || errno == EPROTO) continue;
        if (errno == EAGAIN) break;
        // Out of descriptors or memory: the backlog waits until connections have ended.
        pause_.expires_after(accept_pause);
        pause_.async_wait([this](const error_code& failed) {
            if (!failed) wait();
        });
        return;
    }
    wait();
}

/// Returns false, with errno, where there is nothing to accept.
bool Listener::accept_one() {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int descriptor = ::accept4(acceptor_.native_handle(), reinterpret_cast<sockaddr*>(&address), &size,
                                     SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) return false;
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const Peer peer(address);
    ConnectionSlot slot = limiter_.take(peer);
    const auto tls = tls_();
    if (!slot && (tls || thread_.refusing >= refusing_at_once)) {
        // A handshake would cost more than the connection that is refused.
        Counters::add(thread_.counters().accepted, 1);
        Counters::add(thread_.counters().refused, 1);
        ::close(descriptor);
        return true;
    }
    Connection::start(thread_, descriptor, peer, tls ? tls->new_session() : nullptr, std::move(slot));
    return true;
}

}  // namespace credvault::http
