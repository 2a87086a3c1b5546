// Compressed request bodies and files, decoded piece by piece at constant memory: gzip (also several members) and zstd
// (also several frames). What expands beyond all reason is refused. For one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "http/coding.h"

namespace credvault::http {

struct DecodeLimits {
    /// Bytes out for each byte in, once a few megabytes have come out.
    std::uint64_t max_expansion = 200;
};

class Decoder {
public:
    virtual ~Decoder() = default;
    /// The next bytes, which must live until next() gives nothing. Precondition: it did, or nothing was fed.
    virtual void feed(std::string_view bytes) = 0;
    /// The next decoded piece, of at most 64 KiB, valid until the next call; empty where more bytes are needed. Fails
    /// with INVALID_DATA where the data is not of this coding, PAYLOAD_TOO_LARGE beyond the expansion.
    virtual Result<std::string_view> next() = 0;
    /// Whether the data may end here. Fails with INVALID_DATA where it is incomplete.
    virtual Status end() const = 0;
};

/// Null for identity.
std::unique_ptr<Decoder> make_decoder(Coding coding, DecodeLimits limits);

/// The coding that a Content-Encoding field names ("gzip", "x-gzip", "zstd", "identity"). Fails with
/// UNSUPPORTED_MEDIA_TYPE for any other, and for more than one.
Result<Coding> parse_content_coding(std::string_view field);

}  // namespace credvault::http
