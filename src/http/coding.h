// Content codings: which one a client accepts, and gzip and zstd encoders that take a body whole or in pieces. An
// encoder is for one thread; the rest is pure.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace credvault::http {

enum class Coding : unsigned char { Identity, Gzip, Zstd };

/// "gzip", "zstd" or, for identity, empty.
std::string_view coding_name(Coding coding);

/// The coding with the highest quality in an Accept-Encoding header; zstd before gzip before identity where they are
/// equal. Identity where nothing we have is accepted, as RFC 9110, section 12.5.3, allows.
Coding choose_coding(std::string_view accept_encoding);

/// Whether bodies of this media type shrink: text, JSON, XML and the like. Parameters are ignored.
bool compressible(std::string_view content_type);

class Encoder {
public:
    virtual ~Encoder() = default;
    /// Appends what comes out for this piece of the body to `out`, possibly nothing before the `last` one. Returns
    /// false where the library fails, as it does when out of memory; the body can't be completed then.
    virtual bool encode(std::string_view piece, bool last, std::string& out) = 0;
};

/// An encoder for one body, fast rather than thorough, to be used and destroyed on this thread. Null for identity.
std::unique_ptr<Encoder> make_encoder(Coding coding);

}  // namespace credvault::http
