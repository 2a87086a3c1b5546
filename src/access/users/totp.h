// Time-based one-time passwords (RFC 6238: SHA-1, six digits, steps of 30 seconds, which every authenticator app takes)
// and the base 32 text of their secrets (RFC 4648). Pure functions but for the random source.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace credvault::access {

constexpr std::size_t totp_secret_bytes = 20;

std::string make_totp_secret();
/// Without padding, as apps show it.
std::string base32_of(std::string_view bytes);

constexpr std::int64_t totp_step_at(std::int64_t ms) { return ms / 30'000; }
/// Six digits.
std::string totp_code(std::string_view secret, std::int64_t step);
/// The step, of those around the time (one before, one after, for clocks that differ), whose code this is; only steps
/// after `last_used` count. In constant time. Spaces in the code are skipped.
std::optional<std::int64_t> matching_totp_step(std::string_view secret, std::string_view code,
                                               std::int64_t ms, std::int64_t last_used);
/// What authenticator apps read from a QR code: otpauth://totp/CredVault:ada%40example.com?secret=…
std::string totp_url(std::string_view secret, std::string_view email);

/// A code such as "k7wm2-9xq4t": 50 random bits.
std::string make_recovery_code();
/// As it is hashed: in lower case, without spaces and dashes.
std::string normalised_recovery_code(std::string_view text);

}  // namespace credvault::access
