// The secrets of API keys: how they are presented, made, told from typing errors, and hashed. A key carries about 190
// random bits, so a plain fast hash (BLAKE2b-256) is enough to keep it by. Pure functions but for the random source.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace credvault::access {

using Digest = std::array<unsigned char, 32>;

/// The secret of an Authorization field: what follows "ApiKey" or "Bearer" (in any case). Nothing where the field has
/// another form or holds what no key of ours can be.
std::optional<std::string_view> secret_in(std::string_view authorization);

/// "cv_live_" or "cv_test_", 32 random characters, and 6 that check them all.
std::string make_secret(std::string_view environment = "live");
/// Whether a secret that begins with "cv_" has the form of ours and its check characters are right.
bool is_well_formed(std::string_view secret);
/// Whether text will do as a key of the operator's own: 32 to 512 URL-safe characters not beginning with "cv_". Fails
/// with INVALID_PARAMETER saying what is wrong, never the key.
Status check_own_secret(std::string_view secret);

Digest digest_of(std::string_view secret);
std::string hex_of(const Digest& digest);
std::optional<Digest> digest_from_hex(std::string_view hex);
/// In constant time.
bool equal(const Digest& a, const Digest& b);

constexpr std::size_t max_secret_bytes = 512;

}  // namespace credvault::access
