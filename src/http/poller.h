// Edge-triggered readiness of many sockets for one I/O thread: an epoll set of our own that sits in the thread's
// io_context as one descriptor. A socket is registered once for its life, where Asio's reactor would spend a system
// call (0.3 µs) on every wait. All calls on the owning thread; whoever registers must outlive its registration.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>

#include "base/result.h"

namespace credvault::http {

/// Something with a socket in a Poller.
class Pollable {
public:
    /// `events` as in epoll_wait. May destroy the object itself.
    virtual void on_events(std::uint32_t events) = 0;

protected:
    ~Pollable() = default;
};

class Poller {
public:
    explicit Poller(boost::asio::io_context& context);

    /// Makes the epoll set and starts to dispatch. Fails with INTERNAL where the system refuses.
    Status start();
    /// Ends the dispatching, so that the io_context can run out of work.
    void stop();
    /// Registers a non-blocking socket for all events, edge-triggered. Returns false where the system refuses.
    bool add(int descriptor, Pollable& owner);
    /// Call before the socket is closed: no event reaches the owner from now on.
    void remove(Pollable& owner);

private:
    void wait();
    void dispatch();

    boost::asio::posix::stream_descriptor set_;
    std::array<epoll_event, 256> batch_;
    int next_ = 0;  ///< The batch's events not yet dispatched: [next_, end_).
    int end_ = 0;
};

}  // namespace credvault::http
