// Decodes a chunked body (RFC 9112, section 7.1) as it arrives, in pieces cut anywhere. Strict: CR LF only, bounded
// sizes, extensions and trailers. Value type, for one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace credvault::http {

class ChunkDecoder {
public:
    /// Bounds over the whole body.
    struct Bounds {
        std::size_t extension_bytes = 16 * 1024;
        std::size_t trailer_bytes = 16 * 1024;
        std::size_t trailer_fields = 100;
    };

    ChunkDecoder() = default;
    explicit ChunkDecoder(Bounds bounds) : bounds_(bounds) {}

    /// Takes bytes off the front of `input` and returns the next piece of data among them, a view into `input`; empty
    /// where `input` is used up or the body is done. Fails with MALFORMED_REQUEST.
    Result<std::string_view> next(std::string_view& input);
    /// Whether the last chunk and the trailers have been read. What is left of the input is the next request's.
    bool done() const { return state_ == State::Done; }

private:
    enum class State : std::uint8_t {
        SizeStart,
        Size,
        Extension,
        SizeLf,
        Data,
        DataCr,
        DataLf,
        TrailerStart,
        TrailerName,
        TrailerValue,
        TrailerLf,
        EndLf,
        Done,
    };

    Status step(char c);
    Status size_step(char c);
    Status extension_step(char c);
    Status trailer_step(char c);

    Bounds bounds_;
    State state_ = State::SizeStart;
    std::uint8_t digits_ = 0;
    std::uint64_t left_ = 0;  ///< Of the chunk's data.
    std::size_t extension_bytes_ = 0;
    std::size_t trailer_bytes_ = 0;
    std::size_t trailer_fields_ = 0;
};

}  // namespace credvault::http
