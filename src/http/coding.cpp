#include "http/coding.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>

#include "http/media.h"
#include "http/syntax.h"

namespace credvault::http {
namespace {

constexpr int gzip_level = 1;
constexpr int zstd_level = 1;
constexpr std::size_t output_step = 16 * 1024;

// A library's state takes longer to make (0.1 ms) than most bodies to compress, so each thread keeps one of a kind.

struct GzipFree {
    void operator()(z_stream* stream) const {
        deflateEnd(stream);
        delete stream;
    }
};
using GzipState = std::unique_ptr<z_stream, GzipFree>;

struct ZstdFree {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
using ZstdState = std::unique_ptr<ZSTD_CCtx, ZstdFree>;

thread_local GzipState kept_gzip;
thread_local ZstdState kept_zstd;

class GzipEncoder final : public Encoder {
public:
    GzipEncoder() : state_(std::move(kept_gzip)) {
        if (state_) {
            deflateReset(state_.get());
            return;
        }
        constexpr int largest_window = 15;
        constexpr int gzip_format = 16;
        constexpr int usual_memory = 8;
        auto made = std::make_unique<z_stream>();
        if (deflateInit2(made.get(), gzip_level, Z_DEFLATED, largest_window + gzip_format, usual_memory,
                         Z_DEFAULT_STRATEGY) == Z_OK) {
            state_.reset(made.release());
        }
    }
    ~GzipEncoder() override { kept_gzip = std::move(state_); }
    GzipEncoder(const GzipEncoder&) = delete;
    GzipEncoder& operator=(const GzipEncoder&) = delete;

    bool encode(std::string_view piece, bool last, std::string& out) override {
        if (!state_) return false;
        state_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
        state_->avail_in = static_cast<uInt>(piece.size());
        int outcome = Z_OK;
        do {
            const std::size_t before = out.size();
            out.resize(before + output_step);
            state_->next_out = reinterpret_cast<Bytef*>(out.data() + before);
            state_->avail_out = output_step;
            outcome = deflate(state_.get(), last ? Z_FINISH : Z_NO_FLUSH);
            out.resize(before + output_step - state_->avail_out);
        } while (state_->avail_out == 0 && outcome == Z_OK);
        return last ? outcome == Z_STREAM_END : outcome == Z_OK || outcome == Z_BUF_ERROR;
    }

private:
    GzipState state_;
};

class ZstdEncoder final : public Encoder {
public:
    ZstdEncoder() : state_(std::move(kept_zstd)) {
        if (state_) {
            ZSTD_CCtx_reset(state_.get(), ZSTD_reset_session_only);
            return;
        }
        state_.reset(ZSTD_createCCtx());
        if (state_) ZSTD_CCtx_setParameter(state_.get(), ZSTD_c_compressionLevel, zstd_level);
    }
    ~ZstdEncoder() override { kept_zstd = std::move(state_); }
    ZstdEncoder(const ZstdEncoder&) = delete;
    ZstdEncoder& operator=(const ZstdEncoder&) = delete;

    bool encode(std::string_view piece, bool last, std::string& out) override {
        if (!state_) return false;
        ZSTD_inBuffer input{piece.data(), piece.size(), 0};
        std::size_t left = 0;
        do {
            const std::size_t before = out.size();
            out.resize(before + output_step);
            ZSTD_outBuffer output{out.data() + before, output_step, 0};
            left = ZSTD_compressStream2(state_.get(), &output, &input, last ? ZSTD_e_end : ZSTD_e_continue);
            out.resize(before + output.pos);
            if (ZSTD_isError(left)) return false;
        } while (input.pos < input.size || (last && left > 0));
        return true;
    }

private:
    ZstdState state_;
};

}  // namespace

std::string_view coding_name(Coding coding) {
    switch (coding) {
        case Coding::Gzip: return "gzip";
        case Coding::Zstd: return "zstd";
        default: return "";
    }
}

Coding choose_coding(std::string_view accept_encoding) {
    // Unnamed codings are not acceptable, but identity is, if least of all.
    int any = -1;
    std::array<int, 3> quality{-1, -1, -1};
    for (const QualityItem& item : parse_quality_list(accept_encoding)) {
        if (item.value == "*") any = item.quality;
        if (item.value == "identity") quality[0] = item.quality;
        if (item.value == "gzip" || item.value == "x-gzip") quality[1] = item.quality;
        if (item.value == "zstd") quality[2] = item.quality;
    }
    Coding best = Coding::Identity;
    int highest = quality[0];
    for (const Coding coding : {Coding::Gzip, Coding::Zstd}) {
        const int named = quality[static_cast<std::size_t>(coding)];
        const int offered = named >= 0 ? named : any;
        if (offered > 0 && offered >= highest) {
            best = coding;
            highest = offered;
        }
    }
    return best;
}

bool compressible(std::string_view content_type) {
    const std::string_view type = trim(content_type.substr(0, content_type.find(';')));
    if (type.starts_with("text/") || type.ends_with("json") || type.ends_with("xml")) return true;
    constexpr std::array<std::string_view, 5> others{"application/javascript", "application/x-ndjson",
                                                     "application/yaml", "application/wasm",
                                                     "application/vnd.api+yaml"};
    return std::find(others.begin(), others.end(), type) != others.end();
}

std::unique_ptr<Encoder> make_encoder(Coding coding) {
    switch (coding) {
        case Coding::Gzip: return std::make_unique<GzipEncoder>();
        case Coding::Zstd: return std::make_unique<ZstdEncoder>();
        default: return nullptr;
    }
}

}  // namespace credvault::http
