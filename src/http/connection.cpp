#include "http/connection.h"

#include "base/clock.h"
#include "http/tls.h"

namespace credvault::http {
namespace {

/// Pipelined answers are sent when so much text is gathered.
constexpr std::size_t gather_bytes = 64 * 1024;
/// After an answer that closes, what the client still sends is read and dropped for so long, lest a reset destroys the
/// answer on its way (RFC 9112, section 9.6).
constexpr std::int64_t linger_ns = 2'000'000'000;
constexpr std::size_t linger_bytes = 1024 * 1024;

Error over_limit() {
    Error error(ErrorCode::OVERLOADED, "The server has too many open connections; try again shortly");
    error.retry_after_seconds = 1;
    return error;
}

Error head_too_slow() {
    return Error(ErrorCode::REQUEST_TIMEOUT, "The request's header took too long to arrive");
}

Error closed() { return Error(ErrorCode::INTERNAL, {}, {}, "the connection is closed"); }

}  // namespace

void Connection::start(IoThread& thread, int descriptor, const Peer& peer,
                       std::unique_ptr<TlsSession> session, ConnectionSlot slot) {
    // Runs until it first waits; from then on the coroutine's frame owns the connection.
    const auto running = run(std::unique_ptr<Connection>(
        new Connection(thread, descriptor, peer, std::move(session), std::move(slot))));
}

Connection::Connection(IoThread& thread, int descriptor, const Peer& peer,
                       std::unique_ptr<TlsSession> session, ConnectionSlot slot)
    : thread_(thread),
      channel_(thread, descriptor, std::move(session)),
      slot_(std::move(slot)),
      peer_(peer),
      head_started_ns_(monotonic_ns()) {
    Counters::add(thread_.counters().accepted, 1);
    Counters::add(thread_.counters().open, 1);
    if (!slot_) Counters::add(thread_.counters().refused, 1);
    thread_.refusing += slot_ ? 0 : 1;
}

Connection::~Connection() {
    if (exchange_) thread_.give_back(std::move(exchange_));
    thread_.out().clear();
    thread_.refusing -= slot_ ? 0 : 1;
    Counters& counters = thread_.counters();
    counters.open.store(counters.open.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
}

Reply<void> Connection::run(std::unique_ptr<Connection> self) {
    const std::int64_t deadline = monotonic_ns() + self->limits().header_ms * 1'000'000;
    if (self->channel_.secure()) CO_TRY_VOID(co_await self->channel_.handshake(deadline));
    const Status served = co_await self->serve();
    if (served.ok()) {
        static_cast<void>(co_await self->linger());
    } else if (self->channel_.secure() && !self->channel_.broken()) {
        self->channel_.finish_sending();
    }
    co_return Status();
}

/// Serves until the connection ends; ok where a last answer was sent that the client should get to read.
Reply<void> Connection::serve() {
    if (!slot_) co_return co_await reject(over_limit());
    while (true) {
        const Progress progress = read_head();
        if (progress == Progress::Rejected) co_return co_await reject(std::move(rejection_));
        if (progress != Progress::Complete) {
            CO_TRY_VOID(co_await channel_.flush());
            gathered_ = 0;
            if (progress == Progress::Closed) co_return closed();
            const Wake reason = co_await more_of_head();
            if (reason == Wake::Ready) continue;
            if (reason == Wake::Expired && !partial_.empty()) co_return co_await reject(head_too_slow());
            co_return closed();
        }
        Reply<Response> reply = dispatch();
        Status flushed;
        if (!reply.ready()) flushed = co_await channel_.flush();
        // Even where nobody is left to hear it: the handler still looks at the request.
        Result<Response> result = co_await std::move(reply);
        if (!flushed.ok()) co_return flushed;
        CO_TRY_VOID(co_await respond(result));
        if (close_ || gathered_ >= limits().pipelined || channel_.out().size() >= gather_bytes) {
            CO_TRY_VOID(co_await channel_.flush());
            gathered_ = 0;
            if (close_) co_return Status();
            co_await channel_.yield();
        }
    }
}

/// Reads and parses without waiting.
Connection::Progress Connection::read_head() {
    if (!exchange_) {
        exchange_ = thread_.take_exchange();
        exchange_->restore(partial_);
    }
    while (true) {
        auto head = scan_head(exchange_->unread(), scan_, limits());
        if (!head.ok()) {
            rejection_ = std::move(head).error();
            return Progress::Rejected;
        }
        if (*head > 0) {
            const std::size_t skipped = std::exchange(scan_, {}).head_start;
            head_started_ns_ = 0;
            Status begun = exchange_->begin(channel_, skipped, *head);
            if (begun.ok()) return Progress::Complete;
            rejection_ = std::move(begun).error();
            return Progress::Rejected;
        }
        const IoResult read = exchange_->fill(channel_);
        if (read.state == IoState::Closed) return Progress::Closed;
        if (read.state != IoState::Done) return Progress::Incomplete;
    }
}

/// Gives the buffers back and waits for more of a head, of which only what is there is kept.
Channel::Wait Connection::more_of_head() {
    partial_ = std::string(exchange_->unread());
    thread_.give_back(std::move(exchange_));
    const bool started = !partial_.empty();
    const std::int64_t now = IoThread::coarse_now_ns();
    if (head_started_ns_ == 0 && started) head_started_ns_ = now;
    const bool between_requests = head_started_ns_ == 0;
    const std::int64_t deadline = between_requests ? now + limits().idle_ms * 1'000'000
                                                   : head_started_ns_ + limits().header_ms * 1'000'000;
    return channel_.wait(Interest::Read, deadline, !started);
}

Reply<Response> Connection::dispatch() {
    Counters::add(thread_.counters().requests, 1);
    exchange_->remote_address = peer_.text();
    exchange_->secure = channel_.secure();
    try {
        return thread_.handler().handle(*exchange_);
    } catch (const std::exception& thrown) {
        return Error(ErrorCode::INTERNAL, {}, {}, thrown.what());
    } catch (...) {
        return Error(ErrorCode::INTERNAL, {}, {}, "unknown exception");
    }
}

/// Sends the answer and makes the connection ready for the next request, unless it closes.
Reply<void> Connection::respond(Result<Response>& result) {
    if (!result.ok()) result = thread_.handler().reject(result.error(), peer_.text());
    Response& response = *result;
    const Framing& framing = exchange_->framing();
    ResponseForm form;
    form.head_only = exchange_->method == Method::Head;
    form.http_1_0 = framing.http_1_0;
    form.accept_encoding = framing.accept_encoding;
    close_ = response.close || !framing.keep_alive || !exchange_->can_drain() || thread_.stopping() ||
             ends_with_connection(form, response);
    if (close_) {
        form.persistence = Persistence::Close;
    } else if (framing.http_1_0) {
        form.persistence = Persistence::KeepAlive;
    }
    ++gathered_;
    Reply<void> sent = send_response(channel_, form, std::move(response));
    if (!sent.ready() || !exchange_->body_done()) return finish(std::move(sent));
    exchange_->end();
    return sent.take();
}

/// The rest of respond() where it has to wait: for the socket, or for the body that the handler did not read.
Reply<void> Connection::finish(Reply<void> sent) {
    CO_TRY_VOID(co_await std::move(sent));
    if (!close_) {
        const Status drained = co_await exchange_->drain();
        if (!drained.ok()) close_ = true;
    }
    if (!exchange_->body_done()) lingers_ = true;
    exchange_->end();
    co_return Status();
}

/// Answers what never became a request; the connection closes.
Reply<void> Connection::reject(Error error) {
    Counters::add(thread_.counters().rejected, 1);
    lingers_ = true;
    ResponseForm form;
    form.persistence = Persistence::Close;
    CO_TRY_VOID(co_await send_response(channel_, form, thread_.handler().reject(error, peer_.text())));
    co_return co_await channel_.flush();
}

/// Says that we are done and waits a little for the client to close. What it still sends is dropped.
Reply<void> Connection::linger() {
    if (exchange_ && !exchange_->unread().empty()) lingers_ = true;
    channel_.finish_sending();
    if (!lingers_) co_return Status();
    if (!exchange_) exchange_ = thread_.take_exchange();
    const std::int64_t deadline = monotonic_ns() + linger_ns;
    std::size_t dropped = 0;
    while (dropped < linger_bytes) {
        exchange_->restore({});
        const IoResult read = exchange_->fill(channel_);
        dropped += read.bytes;
        if (read.state == IoState::Closed) break;
        if (read.state == IoState::Done) continue;
        const Wake reason = co_await channel_.wait(Interest::Read, deadline);
        if (reason != Wake::Ready) break;
    }
    co_return Status();
}

}  // namespace credvault::http
