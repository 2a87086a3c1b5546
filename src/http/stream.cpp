#include "http/stream.h"

#include <linux/sockios.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "http/tls.h"

namespace credvault::http {

Socket::~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

IoResult Socket::receive(char* data, std::size_t size) {
    if (!readable_) return {IoState::WantRead, 0};
    while (true) {
        const ssize_t got = ::recv(descriptor_, data, size, 0);
        if (got > 0) {
            const auto bytes = static_cast<std::size_t>(got);
            bytes_in_ += bytes;
            // A short read has emptied the socket: the next edge tells of more (epoll(7), question 9).
            if (bytes < size && !ended_) readable_ = false;
            return {IoState::Done, bytes};
        }
        if (got == 0) return {IoState::Closed, 0};
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return {IoState::Closed, 0};
        readable_ = false;
        return {IoState::WantRead, 0};
    }
}

IoResult Socket::send(std::string_view first, std::string_view second) {
    if (!writable_) return {IoState::WantWrite, 0};
    iovec parts[2] = {{const_cast<char*>(first.data()), first.size()},
                      {const_cast<char*>(second.data()), second.size()}};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    while (true) {
        const ssize_t sent = second.empty() ? ::send(descriptor_, first.data(), first.size(), MSG_NOSIGNAL)
                                            : ::sendmsg(descriptor_, &message, MSG_NOSIGNAL);
        if (sent >= 0) {
            const auto bytes = static_cast<std::size_t>(sent);
            bytes_out_ += bytes;
            return {IoState::Done, bytes};
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return {IoState::Closed, 0};
        writable_ = false;
        return {IoState::WantWrite, 0};
    }
}

void Socket::note(std::uint32_t events) {
    if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) ended_ = true;
    if (events & EPOLLIN || ended_) readable_ = true;
    if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) writable_ = true;
}

void Socket::shutdown_send() { ::shutdown(descriptor_, SHUT_WR); }

std::size_t Socket::queued() const {
    int bytes = 0;
    return ::ioctl(descriptor_, SIOCOUTQ, &bytes) == 0 ? static_cast<std::size_t>(bytes) : 0;
}

Stream::Stream(int descriptor, std::unique_ptr<TlsSession> session)
    : socket_(descriptor), session_(std::move(session)) {
    if (session_) session_->attach(socket_);
}

Stream::~Stream() = default;

IoResult Stream::handshake() { return session_ ? session_->handshake() : IoResult{}; }

IoResult Stream::receive(char* data, std::size_t size) {
    return session_ ? session_->receive(data, size) : socket_.receive(data, size);
}

IoResult Stream::send(std::string_view first, std::string_view second) {
    if (session_) return session_->send(first.empty() ? second : first);
    return first.empty() ? socket_.send(second, {}) : socket_.send(first, second);
}

void Stream::shutdown_send() {
    if (session_) session_->close_notify();
    socket_.shutdown_send();
}

}  // namespace credvault::http
