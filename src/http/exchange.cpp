#include "http/exchange.h"

#include <algorithm>
#include <cstring>

#include "base/clock.h"

namespace credvault::http {
namespace {

/// Room for the body behind the longest head; also what one read brings at most.
constexpr std::size_t body_window = 16 * 1024;
/// JSON parsers read a few bytes beyond their input.
constexpr std::size_t padding = 64;
/// What an unread body may still bring before the connection is given up instead.
constexpr std::size_t drain_bound = 256 * 1024;
/// Bodies up to this size take no part of the memory for all bodies together.
constexpr std::size_t uncounted_body = 16 * 1024;
/// A pooled exchange keeps no larger body buffer than this.
constexpr std::size_t kept_body = 64 * 1024;

Error too_large(std::size_t max_bytes) {
    return Error(ErrorCode::PAYLOAD_TOO_LARGE,
                 "The request body may have at most " + std::to_string(max_bytes) + " bytes");
}

Error too_many_bodies() {
    Error error(ErrorCode::OVERLOADED,
                "The server is receiving too many large request bodies; try again shortly");
    error.retry_after_seconds = 1;
    return error;
}

}  // namespace

Exchange::Exchange(const Limits& limits, MemoryBudget& budget)
    : limits_(limits),
      capacity_(limits.header_bytes + body_window),
      buffer_(new char[capacity_ + padding]),
      share_(budget) {}

void Exchange::restore(std::string_view bytes) {
    std::copy(bytes.begin(), bytes.end(), buffer_.get());
    begin_ = 0;
    end_ = bytes.size();
}

IoResult Exchange::fill(Channel& channel) {
    if (begin_ == end_) {
        begin_ = end_ = 0;
    } else if (capacity_ - begin_ <= limits_.header_bytes) {
        move_to_front(begin_);
    }
    const IoResult result = channel.receive(buffer_.get() + end_, capacity_ - end_);
    end_ += result.bytes;
    return result;
}

Status Exchange::begin(Channel& channel, std::size_t skipped, std::size_t head_size) {
    begin_ += skipped;
    const std::size_t start = begin_;
    begin_ += head_size - skipped;
    head_end_ = begin_;
    channel_ = &channel;
    asked_ = false;
    body_failed_ = false;
    received_ = 0;
    waited_ns_ = 0;
    TRY_VOID(parse_head({buffer_.get() + start, head_end_ - start}, limits_, *this, framing_));
    if (has_body && start > 0 && capacity_ - head_end_ < body_window) {
        move_to_front(start);
        TRY_VOID(parse_head({buffer_.get(), head_end_}, limits_, *this, framing_));
    }
    body_done_ = !has_body;
    if (framing_.chunked) chunks_ = ChunkDecoder({.trailer_bytes = limits_.header_bytes});
    started_ns = monotonic_ns();
    return {};
}

/// Drops the bytes before `start`.
void Exchange::move_to_front(std::size_t start) {
    std::memmove(buffer_.get(), buffer_.get() + start, end_ - start);
    begin_ -= start;
    end_ -= start;
    head_end_ -= std::min(start, head_end_);
}

void Exchange::end() {
    channel_ = nullptr;
    body_done_ = true;
    fields.clear();
    whole_.clear();
    if (whole_.capacity() > kept_body + padding) whole_.shrink_to_fit();
    share_.release();
}

Error Exchange::fail(Error error) {
    body_failed_ = true;
    return error;
}

/// Answers 100-continue, unless the body is on its way anyway.
Status Exchange::begin_body() {
    if (body_failed_) return Error(ErrorCode::MALFORMED_REQUEST, "The request body can't be read");
    if (std::exchange(asked_, true)) return {};
    if (framing_.expects_continue && begin_ == end_) channel_->out().append("HTTP/1.1 100 Continue\r\n\r\n");
    return {};
}

/// The next piece among the bytes already read; empty where there is none or the body is done.
Result<std::string_view> Exchange::take_buffered() {
    std::string_view input = unread();
    std::string_view piece;
    if (framing_.chunked) {
        auto data = chunks_.next(input);
        begin_ = end_ - input.size();
        if (!data.ok()) return fail(std::move(data).error());
        piece = *data;
        body_done_ = piece.empty() && chunks_.done();
    } else {
        piece = input.substr(0, std::min<std::uint64_t>(input.size(), framing_.content_length - received_));
        begin_ += piece.size();
        body_done_ = received_ + piece.size() == framing_.content_length;
    }
    received_ += piece.size();
    return piece;
}

Reply<std::string_view> Exchange::body(std::size_t max_bytes) {
    max_bytes = std::min(max_bytes, limits_.body_bytes);
    if (framing_.content_length > max_bytes) return fail(too_large(max_bytes));
    if (body_done_ && !asked_) return std::string_view();
    TRY_VOID(begin_body());
    whole_.clear();
    if (framing_.chunked) return collect_chunks(max_bytes);
    if (unread().size() < framing_.content_length) return collect_sized();
    return take_buffered();
}

/// Room for a body of this size and what parsers may read behind it. Counted is what will be written: what a string
/// allocates beyond takes no memory until then.
Status Exchange::make_room(std::size_t size) {
    if (size > uncounted_body && !share_.grow_to(size)) return fail(too_many_bodies());
    const std::size_t needed = size + padding;
    if (needed > whole_.capacity()) whole_.reserve(std::max(needed, whole_.capacity() * 2));
    return {};
}

/// Gathers a body of known length, reading straight into place. Memory grows only as bytes come.
Reply<std::string_view> Exchange::collect_sized() {
    const auto length = static_cast<std::size_t>(framing_.content_length);
    CO_TRY_VOID(make_room(std::min(length, kept_body)));
    CO_TRY(const std::string_view first, take_buffered());
    whole_.assign(first);
    while (received_ < length) {
        const auto have = static_cast<std::size_t>(received_);
        if (whole_.size() == have) {
            const std::size_t size = std::min(length, std::max(have * 2, kept_body));
            CO_TRY_VOID(make_room(size));
            whole_.resize(size);
        }
        const IoResult result = channel_->receive(whole_.data() + have, whole_.size() - have);
        received_ += result.bytes;
        if (result.state == IoState::Closed) {
            co_return fail(Error(ErrorCode::MALFORMED_REQUEST, "The request body is incomplete"));
        }
        if (result.state != IoState::Done) CO_TRY_VOID(co_await await_bytes());
    }
    body_done_ = true;
    co_return std::string_view(whole_);
}

Reply<std::string_view> Exchange::collect_chunks(std::size_t max_bytes) {
    while (true) {
        CO_TRY(const std::string_view piece, co_await next_piece());
        if (piece.empty()) break;
        if (piece.size() > max_bytes - whole_.size()) co_return fail(too_large(max_bytes));
        CO_TRY_VOID(make_room(whole_.size() + piece.size()));
        whole_.append(piece);
    }
    co_return std::string_view(whole_);
}

Reply<std::string_view> Exchange::read_some() {
    TRY_VOID(begin_body());
    if (body_done_) return std::string_view();
    TRY(const std::string_view piece, take_buffered());
    if (!piece.empty() || body_done_) return piece;
    return next_piece();
}

Reply<std::string_view> Exchange::next_piece() {
    while (!body_done_) {
        CO_TRY(const std::string_view piece, take_buffered());
        if (!piece.empty()) co_return piece;
        if (body_done_) break;
        CO_TRY_VOID(co_await fill_body());
    }
    co_return std::string_view();
}

/// Reads more of the body behind the head, which stays because the request's views point into it.
Reply<void> Exchange::fill_body() {
    if (begin_ == end_) begin_ = end_ = head_end_;
    while (true) {
        std::size_t room = capacity_ - end_;
        if (!framing_.chunked) room = std::min<std::uint64_t>(room, framing_.content_length - received_);
        const IoResult result = channel_->receive(buffer_.get() + end_, room);
        end_ += result.bytes;
        if (result.state == IoState::Done) co_return Status();
        if (result.state == IoState::Closed) {
            co_return fail(Error(ErrorCode::MALFORMED_REQUEST, "The request body is incomplete"));
        }
        CO_TRY_VOID(co_await await_bytes());
    }
}

/// Waits for more, for as long as the least rate over the whole body allows.
Reply<void> Exchange::await_bytes() {
    if (auto flushed = co_await channel_->flush(); !flushed.ok()) co_return fail(std::move(flushed).error());
    const std::int64_t rate = std::max<std::int64_t>(1, static_cast<std::int64_t>(limits_.least_body_rate));
    const auto earned_ms = static_cast<std::int64_t>(received_ * 1000) / rate;
    const std::int64_t allowed_ns = (limits_.body_grace_ms + earned_ms) * 1'000'000;
    const std::int64_t before = monotonic_ns();
    const Wake reason = co_await channel_->wait(Interest::Read, before + allowed_ns - waited_ns_);
    waited_ns_ += monotonic_ns() - before;
    if (reason == Wake::Ready) co_return Status();
    if (reason == Wake::Expired) {
        co_return fail(Error(ErrorCode::REQUEST_TIMEOUT, "The request body arrives too slowly"));
    }
    co_return fail(Error(ErrorCode::MALFORMED_REQUEST, "The request body is incomplete"));
}

bool Exchange::can_drain() const {
    if (body_done_) return true;
    if (body_failed_ || (framing_.expects_continue && !asked_)) return false;
    return framing_.chunked || framing_.content_length - received_ <= drain_bound;
}

Reply<void> Exchange::drain() {
    const std::uint64_t before = received_;
    while (!body_done_) {
        CO_TRY(const std::string_view piece, co_await next_piece());
        if (piece.empty()) break;
        if (received_ - before > drain_bound) co_return fail(too_large(drain_bound));
    }
    co_return Status();
}

}  // namespace credvault::http
