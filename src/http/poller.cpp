#include "http/poller.h"

#include <cerrno>
#include <cstring>

namespace credvault::http {

Poller::Poller(boost::asio::io_context& context) : set_(context) {}

Status Poller::start() {
    const int descriptor = ::epoll_create1(EPOLL_CLOEXEC);
    if (descriptor < 0) {
        return Error(ErrorCode::INTERNAL, {}, {}, std::string("epoll_create1: ") + std::strerror(errno));
    }
    boost::system::error_code failed;
    set_.assign(descriptor, failed);
    if (failed) return Error(ErrorCode::INTERNAL, {}, {}, "epoll: " + failed.message());
    wait();
    return {};
}

void Poller::stop() {
    boost::system::error_code ignored;
    set_.close(ignored);
}

bool Poller::add(int descriptor, Pollable& owner) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = &owner;
    return ::epoll_ctl(set_.native_handle(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void Poller::remove(Pollable& owner) {
    for (int i = next_; i < end_; ++i) {
        epoll_event& event = batch_[static_cast<std::size_t>(i)];
        if (event.data.ptr == &owner) event.data.ptr = nullptr;
    }
}

void Poller::wait() {
    set_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                    [this](const boost::system::error_code& failed) {
                        if (failed) return;
                        dispatch();
                        if (set_.is_open()) wait();
                    });
}

void Poller::dispatch() {
    end_ = ::epoll_wait(set_.native_handle(), batch_.data(), static_cast<int>(batch_.size()), 0);
    for (next_ = 0; next_ < end_;) {
        const epoll_event event = batch_[static_cast<std::size_t>(next_++)];
        if (event.data.ptr != nullptr) static_cast<Pollable*>(event.data.ptr)->on_events(event.events);
    }
    next_ = end_ = 0;
}

}  // namespace credvault::http
