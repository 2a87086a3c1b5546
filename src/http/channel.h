// The transport of one connection as coroutines use it: reading, sending and waiting, each wait with a deadline. One
// coroutine at a time waits. The channel belongs to its I/O thread; only disconnected() may be called from others.
#pragma once

#include <atomic>
#include <coroutine>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/reply.h"
#include "http/io_thread.h"
#include "http/poller.h"
#include "http/stream.h"

namespace credvault::http {

/// Why a wait ended.
enum class Wake : std::uint8_t {
    Ready,
    Expired,  ///< The deadline passed.
    Stopped,  ///< The server stops, and this wait was for a new request.
    Broken,   ///< The connection is of no use any more.
};

enum class Interest : std::uint8_t { Read, Write };

class Channel final : public Pollable {
public:
    Channel(IoThread& thread, int descriptor, std::unique_ptr<TlsSession> session);
    ~Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    IoResult receive(char* data, std::size_t size);
    /// The TLS handshake; ready at once without TLS. Fails where the peer fails or the deadline passes.
    Reply<void> handshake(std::int64_t deadline_ns);

    /// Text to be sent, gathered until flush(). Must be flushed before the coroutine waits for anything else.
    std::string& out() { return thread_.out(); }
    /// Sends out() and then `body`, which must live until the answer. Ready at once unless the socket is full. Fails
    /// when the connection breaks or takes nothing for limits.write_ms.
    Reply<void> flush(std::string_view body = {});

    class [[nodiscard]] Wait {
    public:
        Wait(Channel& channel, Interest interest, std::int64_t deadline_ns, bool idle)
            : channel_(channel), interest_(interest), deadline_ns_(deadline_ns), idle_(idle) {}
        bool await_ready() const;
        void await_suspend(std::coroutine_handle<> waiter);
        Wake await_resume() const { return channel_.broken_ ? Wake::Broken : channel_.wake_; }

    private:
        Channel& channel_;
        Interest interest_;
        std::int64_t deadline_ns_;
        bool idle_;
    };
    /// Waits until the socket can be read or written. `deadline_ns` as of monotonic_ns(). An `idle` wait also ends when
    /// the server stops.
    Wait wait(Interest interest, std::int64_t deadline_ns, bool idle = false);

    /// Lets the thread's other work go on: resumes after what is queued.
    auto yield() {
        struct Yield {
            Channel& channel;
            bool await_ready() const { return false; }
            void await_suspend(std::coroutine_handle<> waiter) {
                channel.thread_.post([waiter] { waiter.resume(); });
            }
            void await_resume() const {}
        };
        return Yield{*this};
    }

    /// Called once, while set, when the connection breaks; if `eager` also when the peer has only finished sending
    /// (as a client does that just waits for events and goes) or the server stops.
    void on_gone(std::function<void()> call, bool eager = false);
    /// Whether the peer has closed its side or the connection broke. From any thread.
    const std::atomic<bool>& gone() const { return gone_; }
    bool disconnected() const { return gone_.load(std::memory_order_relaxed); }
    bool broken() const { return broken_; }
    bool secure() const { return stream_.secure(); }
    IoThread& thread() { return thread_; }
    /// Sends our FIN after what was flushed.
    void finish_sending() { stream_.shutdown_send(); }
    /// Makes the close a reset, which no client takes for a regular end.
    void reset_on_close();

    void on_events(std::uint32_t events) override;
    // For the thread's sweep and stop.
    void expire(std::int64_t now_ns);
    void stop();
    void break_off();

private:
    friend class IoThread;

    bool ready(Interest interest) const;
    void wake(Wake reason);
    void call_gone();
    Reply<void> flush_slowly(std::string rest, std::string_view body);

    IoThread& thread_;
    Stream stream_;
    std::coroutine_handle<> waiter_;
    std::int64_t deadline_ns_ = 0;
    std::function<void()> on_gone_;
    std::size_t index_ = 0;  ///< In the thread's list.
    Interest interest_ = Interest::Read;
    Wake wake_ = Wake::Ready;
    bool idle_ = false;
    bool eager_gone_ = false;
    bool broken_ = false;
    std::atomic<bool> gone_ = false;
};

}  // namespace credvault::http
