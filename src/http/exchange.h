// One request being served: its bytes, what they say, and its body as it arrives. Borrowed from the thread's pool while
// a connection has work, so that an idle connection holds no buffer. For the connection's thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/channel.h"
#include "http/chunked.h"
#include "http/head.h"
#include "http/memory_budget.h"
#include "http/message.h"

namespace credvault::http {

class Exchange final : public Request {
public:
    Exchange(const Limits& limits, MemoryBudget& budget);

    // Between requests.
    /// Puts the bytes of an unfinished head, read before, into the empty buffer.
    void restore(std::string_view bytes);
    /// Bytes that were read but are no part of a request yet.
    std::string_view unread() const { return {buffer_.get() + begin_, end_ - begin_}; }
    /// Reads what the channel has. Precondition: between requests, and unread() shorter than a head may be.
    IoResult fill(Channel& channel);
    /// Parses the request that `head_size` bytes of unread() hold, `skipped` of them before the request line, and makes
    /// this object its Request. The body is then read from `channel`.
    Status begin(Channel& channel, std::size_t skipped, std::size_t head_size);
    /// Ready for the next request; the views are gone. What was not read of the body is lost.
    void end();

    // While a request is served.
    const Framing& framing() const { return framing_; }
    Reply<std::string_view> body(std::size_t max_bytes) override;
    Reply<std::string_view> read_some() override;
    bool disconnected() const override { return channel_ == nullptr || channel_->disconnected(); }
    const std::atomic<bool>* gone() const override {
        return channel_ == nullptr ? nullptr : &channel_->gone();
    }
    /// Whether the body has been read to its end.
    bool body_done() const { return body_done_; }
    /// Whether the connection can go on after this request: its body was read, or what is left is small and comes.
    bool can_drain() const;
    /// Reads and drops the rest of the body. Fails where it is too long, malformed or slow.
    Reply<void> drain();

private:
    Status begin_body();
    Result<std::string_view> take_buffered();
    Reply<std::string_view> collect_sized();
    Reply<std::string_view> collect_chunks(std::size_t max_bytes);
    Reply<std::string_view> next_piece();
    Status make_room(std::size_t size);
    Reply<void> fill_body();
    Reply<void> await_bytes();
    void move_to_front(std::size_t start);
    Error fail(Error error);

    const Limits& limits_;
    const std::size_t capacity_;
    std::unique_ptr<char[]>
        buffer_;             ///< capacity_ bytes and padding; begins with the head while a request is served.
    std::size_t begin_ = 0;  ///< Unused bytes: [begin_, end_).
    std::size_t end_ = 0;
    std::size_t head_end_ = 0;

    Channel* channel_ = nullptr;
    Framing framing_;
    ChunkDecoder chunks_;
    std::string whole_;           ///< A body that did not fit the buffer.
    MemoryShare share_;           ///< Of the memory for bodies, for whole_.
    std::uint64_t received_ = 0;  ///< Bytes of the body, decoded.
    std::int64_t waited_ns_ = 0;  ///< For the body to arrive.
    bool asked_ = false;          ///< The body was asked for: 100-continue is answered.
    bool body_done_ = true;
    bool body_failed_ = false;
};

}  // namespace credvault::http
