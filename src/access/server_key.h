// The server's own key, a file of the data directory that only its user may read, and sealing with it: what must be
// kept but read again (secrets of second factors, mails that wait) is in the store only sealed, so that a copy of the
// store without the key shows none of it. XChaCha20-Poly1305. Immutable; thread-safe.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace credvault::access {

class ServerKey {
public:
    /// A key for this process only, for stores that don't outlive it.
    static ServerKey of_this_process();
    /// Reads the file, or makes it (mode 0600) where there is none. Fails with STORAGE_UNAVAILABLE where it can't be
    /// read or written, holds something else, or others may read it.
    static Result<ServerKey> open(const std::string& path);

    /// Hexadecimal text that only this key opens, and only for the same `about` (an id: sealed text can't be moved
    /// from one record to another).
    std::string seal(std::string_view text, std::string_view about) const;
    /// Nothing where it was sealed by another key, about something else, or changed.
    std::optional<std::string> unseal(std::string_view sealed, std::string_view about) const;

private:
    std::array<unsigned char, 32> key_{};
};

}  // namespace credvault::access
