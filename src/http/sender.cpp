#include "http/sender.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "http/coding.h"
#include "http/syntax.h"

namespace credvault::http {
namespace {

/// Bodies up to this size are copied behind their head, so that pipelined responses go out in one send.
constexpr std::size_t inline_body = 32 * 1024;
/// Bodies up to this size are compressed in one go (about 2 ms); larger ones in slices with other work in between.
constexpr std::size_t encode_at_once = 256 * 1024;
constexpr std::size_t encode_slice = 64 * 1024;
/// Stream pieces are gathered up to this size.
constexpr std::size_t flush_from = 32 * 1024;

/// Decides on the coding and whether the response varies by it.
void negotiate(Channel& channel, const ResponseForm& form, const Response& response, ResponseFrame& frame) {
    const bool large = response.stream || response.body.size() >= channel.thread().limits().compress_from;
    if (!large || response.flush_each || is_bodiless(response.status) ||
        !compressible(response.content_type) || response.fields.find("Content-Encoding")) {
        return;
    }
    frame.vary = true;
    if (!form.accept_encoding.empty()) frame.coding = choose_coding(form.accept_encoding);
}

void append_chunk(std::string& out, std::string_view data) {
    std::array<char, 20> size;
    const auto end = std::to_chars(size.data(), size.data() + size.size(), data.size(), 16);
    out.append(size.data(), end.ptr).append("\r\n").append(data).append("\r\n");
}

/// A large body as a source, so that it can be encoded slice by slice.
class StringSource final : public BodySource {
public:
    explicit StringSource(std::string body) : body_(std::move(body)) {}
    Reply<std::string> next() override { return std::exchange(body_, {}); }

private:
    std::string body_;
};

Reply<std::string> next_piece(BodySource& source) {
    try {
        return source.next();
    } catch (const std::exception& thrown) {
        return Error(ErrorCode::INTERNAL, {}, {}, thrown.what());
    }
}

/// A response whose body comes from a source.
class StreamSending {
public:
    StreamSending(Channel& channel, ResponseForm form, ResponseFrame frame, Response response)
        : channel_(channel),
          form_(form),
          frame_(frame),
          response_(std::move(response)),
          encoder_(make_encoder(frame.coding)) {}

    static Reply<void> run(StreamSending self) {
        self.frame_.chunked = !self.form_.http_1_0;
        append_head(self.channel_.out(), self.response_, self.frame_, self.channel_.thread().date_line());
        if (self.form_.head_only) co_return Status();
        BodySource& source = *self.response_.stream;
        self.channel_.on_gone([&source] { source.abandon(); }, self.response_.flush_each);
        const Status sent = co_await self.send_pieces();
        self.channel_.on_gone(nullptr);
        // Without chunks only a reset tells the client that this was not all.
        if (!sent.ok() && self.form_.http_1_0) self.channel_.reset_on_close();
        co_return sent.ok() ? Status() : Status(sent.error());
    }

private:
    Reply<void> send_pieces() {
        while (true) {
            Reply<std::string> next = next_piece(*response_.stream);
            const bool waits = !next.ready();
            Status flushed;
            if (waits) flushed = co_await channel_.flush();
            if (!flushed.ok()) response_.stream->abandon();
            // Even in vain: the source must not go while it works.
            CO_TRY(const std::string piece, co_await std::move(next));
            if (!flushed.ok()) co_return flushed;
            CO_TRY_VOID(co_await send_piece(piece));
            if (piece.empty()) co_return Status();
            // A source that never waits must not keep the thread to itself.
            if (!waits && channel_.out().empty()) co_await channel_.yield();
        }
    }

    Reply<void> send_piece(std::string_view piece) {
        const bool last = piece.empty();
        while (true) {
            const std::string_view slice = encoder_ ? piece.substr(0, encode_slice) : piece;
            piece.remove_prefix(slice.size());
            if (!append(slice, last)) co_return Error(ErrorCode::INTERNAL, {}, {}, "compression failed");
            if (response_.flush_each || channel_.out().size() >= flush_from)
                CO_TRY_VOID(co_await channel_.flush());
            if (piece.empty()) co_return Status();
            CO_TRY_VOID(co_await channel_.flush());
            co_await channel_.yield();
        }
    }

    bool append(std::string_view data, bool last) {
        std::string encoded;
        if (encoder_) {
            if (!encoder_->encode(data, last, encoded)) return false;
            data = encoded;
        }
        std::string& out = channel_.out();
        if (!frame_.chunked) {
            out.append(data);
            return true;
        }
        if (!data.empty()) append_chunk(out, data);
        if (last) out.append("0\r\n\r\n");
        return true;
    }

    Channel& channel_;
    ResponseForm form_;
    ResponseFrame frame_;
    Response response_;
    std::unique_ptr<Encoder> encoder_;
};

/// Compresses a body of moderate size in place; leaves it where that does not make it smaller.
void encode_whole(Response& response, ResponseFrame& frame) {
    std::string encoded;
    const auto encoder = make_encoder(frame.coding);
    if (encoder->encode(response.body, true, encoded) && encoded.size() < response.body.size()) {
        response.body = std::move(encoded);
    } else {
        frame.coding = Coding::Identity;
    }
}

Reply<void> flush_large(Channel& channel, std::string body) { co_return co_await channel.flush(body); }

}  // namespace

bool ends_with_connection(const ResponseForm& form, const Response& response) {
    return form.http_1_0 && response.stream && !is_bodiless(response.status);
}

Reply<void> send_response(Channel& channel, const ResponseForm& form, Response&& response) {
    ResponseFrame frame;
    frame.persistence = form.persistence;
    negotiate(channel, form, response, frame);
    if (!response.stream && frame.coding != Coding::Identity) {
        if (response.body.size() <= encode_at_once) {
            encode_whole(response, frame);
        } else if (form.http_1_0) {
            frame.coding = Coding::Identity;
        } else {
            response.stream = std::make_unique<StringSource>(std::move(response.body));
        }
    }
    if (response.stream && !is_bodiless(response.status)) {
        return StreamSending::run(StreamSending(channel, form, frame, std::move(response)));
    }
    frame.content_length = response.body.size();
    std::string& out = channel.out();
    append_head(out, response, frame, channel.thread().date_line());
    if (form.head_only || is_bodiless(response.status)) return Status();
    if (response.body.size() > inline_body) return flush_large(channel, std::move(response.body));
    out.append(response.body);
    return Status();
}

}  // namespace credvault::http
