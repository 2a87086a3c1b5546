#include "http/decoding.h"

#include <zlib.h>
#include <zstd.h>

#include <array>

#include "http/syntax.h"

namespace credvault::http {
namespace {

constexpr std::size_t piece_bytes = 64 * 1024;
/// Before the expansion is looked at: short data may expand a lot and harms nobody.
constexpr std::uint64_t free_bytes = 16 * 1024 * 1024;
/// 8 MiB, what RFC 9659 allows for zstd as a content coding.
constexpr int largest_window_log = 23;

Error not_of(std::string_view coding) {
    return Error(ErrorCode::INVALID_DATA, "The data is not valid " + std::string(coding));
}

Error incomplete(std::string_view coding) {
    return Error(ErrorCode::INVALID_DATA, "The " + std::string(coding) + " data ends before it is complete");
}

/// Counts what goes in and comes out.
class Expansion {
public:
    explicit Expansion(DecodeLimits limits) : limits_(limits) {}
    Status add(std::size_t in, std::size_t out) {
        in_ += in;
        out_ += out;
        if (out_ <= free_bytes || out_ / limits_.max_expansion <= in_) return {};
        return Error(ErrorCode::PAYLOAD_TOO_LARGE, "The compressed data expands more than " +
                                                       std::to_string(limits_.max_expansion) + " times");
    }

private:
    DecodeLimits limits_;
    std::uint64_t in_ = 0;
    std::uint64_t out_ = 0;
};

class GzipDecoder final : public Decoder {
public:
    explicit GzipDecoder(DecodeLimits limits) : expansion_(limits) {
        constexpr int largest_window = 15;
        constexpr int gzip_format = 16;
        works_ = inflateInit2(&stream_, largest_window + gzip_format) == Z_OK;
    }
    ~GzipDecoder() override { inflateEnd(&stream_); }
    GzipDecoder(const GzipDecoder&) = delete;
    GzipDecoder& operator=(const GzipDecoder&) = delete;

    void feed(std::string_view bytes) override { input_ = bytes; }

    Result<std::string_view> next() override {
        if (!works_) return Error(ErrorCode::INTERNAL, {}, {}, "zlib could not be initialised");
        std::size_t out = 0;
        while (out == 0 && (!input_.empty() || more_)) {
            // Behind a member another one may follow.
            if (complete_ && inflateReset(&stream_) != Z_OK) return not_of("gzip");
            complete_ = false;
            begun_ = true;
            stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input_.data()));
            stream_.avail_in = static_cast<uInt>(input_.size());
            stream_.next_out = reinterpret_cast<Bytef*>(piece_.data());
            stream_.avail_out = piece_bytes;
            const int outcome = inflate(&stream_, Z_NO_FLUSH);
            const std::size_t in = input_.size() - stream_.avail_in;
            out = piece_bytes - stream_.avail_out;
            input_.remove_prefix(in);
            more_ = stream_.avail_out == 0 && outcome == Z_OK;
            if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR) return not_of("gzip");
            complete_ = outcome == Z_STREAM_END;
            TRY_VOID(expansion_.add(in, out));
            if (in == 0 && out == 0 && !complete_) break;
        }
        return std::string_view(piece_.data(), out);
    }

    Status end() const override {
        if (complete_ || !begun_) return {};
        return incomplete("gzip");
    }

private:
    z_stream stream_{};
    std::array<char, piece_bytes> piece_;
    std::string_view input_;
    Expansion expansion_;
    bool works_ = false;
    bool begun_ = false;
    bool more_ = false;  ///< The last piece was full: more may come out without more going in.
    bool complete_ = false;
};

class ZstdDecoder final : public Decoder {
public:
    explicit ZstdDecoder(DecodeLimits limits) : context_(ZSTD_createDCtx()), expansion_(limits) {
        if (context_) ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, largest_window_log);
    }

    void feed(std::string_view bytes) override { input_ = bytes; }

    Result<std::string_view> next() override {
        if (!context_) return Error(ErrorCode::INTERNAL, {}, {}, "zstd could not be initialised");
        std::size_t out = 0;
        while (out == 0 && (!input_.empty() || more_)) {
            ZSTD_inBuffer from{input_.data(), input_.size(), 0};
            ZSTD_outBuffer to{piece_.data(), piece_bytes, 0};
            const std::size_t left = ZSTD_decompressStream(context_.get(), &to, &from);
            if (ZSTD_isError(left)) return not_of("zstd with a window of at most 8 MiB");
            input_.remove_prefix(from.pos);
            out = to.pos;
            // At 0 the frame is flushed whole: another call would wait for the next one.
            complete_ = left == 0;
            more_ = to.pos == piece_bytes && !complete_;
            TRY_VOID(expansion_.add(from.pos, to.pos));
            if (from.pos == 0 && out == 0) break;
        }
        return std::string_view(piece_.data(), out);
    }

    Status end() const override { return complete_ ? Status() : Status(incomplete("zstd")); }

private:
    struct Free {
        void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
    };
    std::unique_ptr<ZSTD_DCtx, Free> context_;
    std::array<char, piece_bytes> piece_;
    std::string_view input_;
    Expansion expansion_;
    bool more_ = false;
    bool complete_ = true;
};

}  // namespace

std::unique_ptr<Decoder> make_decoder(Coding coding, DecodeLimits limits) {
    switch (coding) {
        case Coding::Gzip: return std::make_unique<GzipDecoder>(limits);
        case Coding::Zstd: return std::make_unique<ZstdDecoder>(limits);
        default: return nullptr;
    }
}

Result<Coding> parse_content_coding(std::string_view field) {
    const std::string_view name = trim(field);
    if (name.empty() || equal_ignoring_case(name, "identity")) return Coding::Identity;
    if (equal_ignoring_case(name, "gzip") || equal_ignoring_case(name, "x-gzip")) return Coding::Gzip;
    if (equal_ignoring_case(name, "zstd")) return Coding::Zstd;
    return Error(ErrorCode::UNSUPPORTED_MEDIA_TYPE, "The body's Content-Encoding must be gzip, zstd or none",
                 "Content-Encoding");
}

}  // namespace credvault::http
