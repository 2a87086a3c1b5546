// For tests: undoes content codings with the libraries' own decoders.
#pragma once

#include <zlib.h>
#include <zstd.h>

#include <string>
#include <string_view>

namespace credvault::http {

/// The decoded body, or "undecodable" where it is no complete gzip or zstd stream.
inline std::string decode_body(std::string_view coding, std::string_view body) {
    std::string out(64 * 1024 * 1024, '\0');
    if (coding == "zstd") {
        ZSTD_DCtx* context = ZSTD_createDCtx();
        ZSTD_inBuffer input{body.data(), body.size(), 0};
        ZSTD_outBuffer output{out.data(), out.size(), 0};
        const std::size_t left = ZSTD_decompressStream(context, &output, &input);
        ZSTD_freeDCtx(context);
        if (left != 0 || input.pos != input.size) return "undecodable";
        out.resize(output.pos);
        return out;
    }
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
    stream.avail_in = static_cast<uInt>(body.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int state = inflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return state == Z_STREAM_END && stream.avail_in == 0 ? out : "undecodable";
}

}  // namespace credvault::http
