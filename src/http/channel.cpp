#include "http/channel.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <utility>

#include "base/clock.h"
#include "http/tls.h"

namespace credvault::http {
namespace {

Error connection_lost(std::string cause) { return Error(ErrorCode::INTERNAL, {}, {}, std::move(cause)); }

}  // namespace

Channel::Channel(IoThread& thread, int descriptor, std::unique_ptr<TlsSession> session)
    : thread_(thread), stream_(descriptor, std::move(session)) {
    thread_.add(*this);
    if (!thread_.poller().add(descriptor, *this)) broken_ = true;
}

Channel::~Channel() {
    thread_.poller().remove(*this);
    thread_.remove(*this);
    Counters::add(thread_.counters().bytes_in, stream_.socket().bytes_in());
    Counters::add(thread_.counters().bytes_out, stream_.socket().bytes_out());
}

IoResult Channel::receive(char* data, std::size_t size) {
    if (broken_) return {IoState::Closed, 0};
    return stream_.receive(data, size);
}

Reply<void> Channel::handshake(std::int64_t deadline_ns) {
    while (!broken_) {
        const IoResult result = stream_.handshake();
        if (result.state == IoState::Done) co_return Status();
        if (result.state == IoState::Closed) break;
        const Wake reason =
            co_await wait(result.state == IoState::WantRead ? Interest::Read : Interest::Write, deadline_ns);
        if (reason != Wake::Ready) break;
    }
    co_return connection_lost("TLS handshake failed");
}

Reply<void> Channel::flush(std::string_view body) {
    std::string& text = out();
    if (broken_) {
        text.clear();
        return connection_lost("broken");
    }
    std::size_t done = 0;
    while (done < text.size() || !body.empty()) {
        const IoResult result = stream_.send(std::string_view(text).substr(done), body);
        if (result.state == IoState::Closed) {
            text.clear();
            broken_ = true;
            return connection_lost("send failed");
        }
        if (result.state != IoState::Done) {
            std::string rest = text.substr(done);
            text.clear();
            return flush_slowly(std::move(rest), body);
        }
        const std::size_t of_text = std::min(result.bytes, text.size() - done);
        done += of_text;
        body.remove_prefix(result.bytes - of_text);
    }
    text.clear();
    return Status();
}

Reply<void> Channel::flush_slowly(std::string rest, std::string_view body) {
    std::string_view text = rest;
    while (!text.empty() || !body.empty()) {
        const IoResult result = stream_.send(text, body);
        if (result.state == IoState::Closed) break;
        if (result.state == IoState::Done) {
            const std::size_t of_text = std::min(result.bytes, text.size());
            text.remove_prefix(of_text);
            body.remove_prefix(result.bytes - of_text);
            continue;
        }
        const Interest interest = result.state == IoState::WantRead ? Interest::Read : Interest::Write;
        const std::size_t queued = stream_.socket().queued();
        const Wake reason = co_await wait(interest, monotonic_ns() + thread_.limits().write_ms * 1'000'000);
        // A slow reader empties the socket's queue long before the kernel calls it writable again.
        const bool moves = reason == Wake::Expired && stream_.socket().queued() < queued;
        if (reason != Wake::Ready && !moves) break;
    }
    if (text.empty() && body.empty()) co_return Status();
    broken_ = true;
    co_return connection_lost("the peer does not take the response");
}

Channel::Wait Channel::wait(Interest interest, std::int64_t deadline_ns, bool idle) {
    return Wait(*this, interest, deadline_ns, idle);
}

bool Channel::Wait::await_ready() const {
    channel_.wake_ = Wake::Ready;
    if (channel_.broken_ || channel_.ready(interest_)) return true;
    if (idle_ && channel_.thread_.stopping()) {
        channel_.wake_ = Wake::Stopped;
        return true;
    }
    return false;
}

void Channel::Wait::await_suspend(std::coroutine_handle<> waiter) {
    channel_.waiter_ = waiter;
    channel_.interest_ = interest_;
    channel_.deadline_ns_ = deadline_ns_;
    channel_.idle_ = idle_;
}

void Channel::on_gone(std::function<void()> call, bool eager) {
    on_gone_ = std::move(call);
    eager_gone_ = eager;
    if (broken_ || (eager && (disconnected() || thread_.stopping()))) call_gone();
}

bool Channel::ready(Interest interest) const {
    return interest == Interest::Read ? stream_.socket().readable() : stream_.socket().writable();
}

/// May end in the destruction of this channel.
void Channel::wake(Wake reason) {
    wake_ = reason;
    deadline_ns_ = 0;
    std::exchange(waiter_, nullptr).resume();
}

void Channel::reset_on_close() {
    const linger at_once{1, 0};
    ::setsockopt(stream_.socket().descriptor(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

/// May end in the destruction of this channel.
void Channel::call_gone() {
    if (auto call = std::exchange(on_gone_, nullptr)) call();
}

void Channel::on_events(std::uint32_t events) {
    stream_.socket().note(events);
    const bool reset = events & (EPOLLHUP | EPOLLERR);
    const bool finished = events & EPOLLRDHUP;
    if (reset || finished) gone_.store(true, std::memory_order_relaxed);
    if (waiter_) {
        if (ready(interest_)) wake(Wake::Ready);
    } else if (reset || (finished && eager_gone_)) {
        call_gone();
    }
}

void Channel::expire(std::int64_t now_ns) {
    if (waiter_ && deadline_ns_ != 0 && now_ns >= deadline_ns_) wake(Wake::Expired);
}

void Channel::stop() {
    if (waiter_ && idle_) {
        wake(Wake::Stopped);
    } else if (eager_gone_) {
        call_gone();
    }
}

void Channel::break_off() {
    broken_ = true;
    gone_.store(true, std::memory_order_relaxed);
    ::shutdown(stream_.socket().descriptor(), SHUT_RDWR);
    if (waiter_) {
        wake(Wake::Broken);
    } else {
        call_gone();
    }
}

}  // namespace credvault::http
