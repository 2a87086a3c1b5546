#include "access/secret.h"

#include <sodium.h>

#include <algorithm>

#include "base/ids.h"

namespace credvault::access {
namespace {

constexpr std::string_view live_prefix = "cv_live_";
constexpr std::string_view test_prefix = "cv_test_";
static_assert(live_prefix.size() == test_prefix.size());
constexpr std::size_t random_characters = 32;
constexpr std::size_t check_characters = 6;

/// A table, since every request's credential is looked through.
constexpr std::array<bool, 256> url_safe = [] {
    std::array<bool, 256> safe{};
    constexpr std::string_view characters =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.~";
    for (const char c : characters) safe[static_cast<unsigned char>(c)] = true;
    return safe;
}();

bool is_url_safe(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return url_safe[static_cast<unsigned char>(c)]; });
}

bool equal_ignoring_case(std::string_view a, std::string_view lower) {
    return a.size() == lower.size() && std::equal(a.begin(), a.end(), lower.begin(), [](char c, char l) {
               return (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) == l;
           });
}

std::string check_text(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const Digest digest = digest_of(text);
    std::string check;
    for (std::size_t i = 0; i < check_characters; ++i) check += digits[digest[i] % digits.size()];
    return check;
}

}  // namespace

std::optional<std::string_view> secret_in(std::string_view authorization) {
    const std::size_t space = authorization.find(' ');
    if (space == std::string_view::npos) return {};
    const std::string_view scheme = authorization.substr(0, space);
    if (!equal_ignoring_case(scheme, "apikey") && !equal_ignoring_case(scheme, "bearer")) return {};
    std::string_view secret = authorization.substr(space + 1);
    while (secret.starts_with(' ')) secret.remove_prefix(1);
    if (secret.empty() || secret.size() > max_secret_bytes) return {};
    if (!is_url_safe(secret)) return {};
    return secret;
}

std::string make_secret(std::string_view environment) {
    std::string secret(environment == "test" ? test_prefix : live_prefix);
    secret += random_text(random_characters);
    return secret + check_text(secret);
}

bool is_well_formed(std::string_view secret) {
    if (secret.size() != live_prefix.size() + random_characters + check_characters) return false;
    const std::string_view checked = secret.substr(0, secret.size() - check_characters);
    if (!checked.starts_with(live_prefix) && !checked.starts_with(test_prefix)) return false;
    return secret.substr(checked.size()) == check_text(checked);
}

Status check_own_secret(std::string_view secret) {
    if (secret.size() < 32 || secret.size() > max_secret_bytes) {
        return Error(ErrorCode::INVALID_PARAMETER, "CREDVAULT_ADMIN_KEY must have 32 to 512 characters");
    }
    if (!is_url_safe(secret)) {
        return Error(ErrorCode::INVALID_PARAMETER,
                     "CREDVAULT_ADMIN_KEY may hold only letters, digits and - _ . ~");
    }
    if (secret.starts_with("cv_")) {
        return Error(ErrorCode::INVALID_PARAMETER,
                     "CREDVAULT_ADMIN_KEY must not begin with cv_: such keys are made by the server");
    }
    return {};
}

Digest digest_of(std::string_view secret) {
    Digest digest;
    crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(secret.data()),
                       secret.size(), nullptr, 0);
    return digest;
}

std::string hex_of(const Digest& digest) {
    std::string hex(2 * digest.size() + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
    hex.pop_back();
    return hex;
}

std::optional<Digest> digest_from_hex(std::string_view hex) {
    Digest digest;
    std::size_t size = 0;
    if (hex.size() != 2 * digest.size()) return {};
    if (sodium_hex2bin(digest.data(), digest.size(), hex.data(), hex.size(), nullptr, &size, nullptr) != 0)
        return {};
    if (size != digest.size()) return {};
    return digest;
}

bool equal(const Digest& a, const Digest& b) { return crypto_verify_32(a.data(), b.data()) == 0; }

}  // namespace credvault::access
