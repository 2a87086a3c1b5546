#include "access/users/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <array>
#include <cstdio>

namespace credvault::access {
namespace {

constexpr std::size_t digits = 6;

/// The digits of a code, without the spaces that people type; nothing where it is no code.
std::optional<std::string> code_digits(std::string_view text) {
    std::string code;
    if (text.size() > 2 * digits) return {};
    for (const char c : text) {
        if (c == ' ') continue;
        if (c < '0' || c > '9') return {};
        code += c;
    }
    if (code.size() != digits) return {};
    return code;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '.' || c == '_';
        const auto byte = static_cast<unsigned char>(c);
        if (plain) {
            encoded += c;
        } else {
            encoded += {'%', hex[byte >> 4], hex[byte & 15]};
        }
    }
    return encoded;
}

}  // namespace

std::string make_totp_secret() {
    std::string secret(totp_secret_bytes, '\0');
    randombytes_buf(secret.data(), secret.size());
    return secret;
}

std::string base32_of(std::string_view bytes) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string text;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char c : bytes) {
        held = (held << 8) | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 5; bits -= 5) text += letters[(held >> (bits - 5)) & 31];
    }
    if (bits > 0) text += letters[(held << (5 - bits)) & 31];
    return text;
}

std::string totp_code(std::string_view secret, std::int64_t step) {
    std::array<unsigned char, 8> counter;
    for (std::size_t i = 0; i < counter.size(); ++i)
        counter[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(),
         mac.data(), &size);
    // RFC 4226, section 5.3: the last nibble says where the 31 bits are.
    const std::size_t at = mac[19] & 15;
    const std::uint32_t number = (std::uint32_t{mac[at]} & 0x7f) << 24 | std::uint32_t{mac[at + 1]} << 16 |
                                 std::uint32_t{mac[at + 2]} << 8 | std::uint32_t{mac[at + 3]};
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%06u", number % 1'000'000);
    return text.data();
}

std::optional<std::int64_t> matching_totp_step(std::string_view secret, std::string_view code,
                                               std::int64_t ms, std::int64_t last_used) {
    const auto given = code_digits(code);
    if (!given) return {};
    std::optional<std::int64_t> found;
    for (std::int64_t step = totp_step_at(ms) - 1; step <= totp_step_at(ms) + 1; ++step) {
        const bool same = sodium_memcmp(totp_code(secret, step).data(), given->data(), digits) == 0;
        if (same && step > last_used) found = step;
    }
    return found;
}

std::string totp_url(std::string_view secret, std::string_view email) {
    return "otpauth://totp/CredVault:" + percent_encoded(email) + "?secret=" + base32_of(secret) +
           "&issuer=CredVault&algorithm=SHA1&digits=6&period=30";
}

std::string make_recovery_code() {
    constexpr std::string_view letters = "abcdefghjkmnpqrstuvwxyz023456789";
    static_assert(letters.size() == 32);
    std::string code;
    for (int i = 0; i < 10; ++i) {
        if (i == 5) code += '-';
        code += letters[randombytes_uniform(32)];
    }
    return code;
}

std::string normalised_recovery_code(std::string_view text) {
    std::string code;
    for (const char c : text) {
        if (c == '-' || c == ' ') continue;
        code += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
    return code;
}

}  // namespace credvault::access
