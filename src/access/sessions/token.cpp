#include "access/sessions/token.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "access/secret.h"
#include "base/ids.h"

namespace credvault::access {
namespace {

constexpr std::size_t random_characters = 44;
constexpr std::size_t family_characters = 22;
constexpr std::string_view refresh_prefix = "cvr_";
constexpr std::string_view refresh_path = "/v1/auth";

std::string_view prefix_of(TokenKind kind) {
    constexpr auto prefixes = std::to_array<std::string_view>({"cva_", "cvi_", "cvp_", "cvs_"});
    return prefixes[static_cast<std::size_t>(kind)];
}

bool is_base62(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
}

/// A browser takes __Host- only from https, for the whole host, and from no other one: the strongest name that there
/// is. The refresh token's cookie has a path of its own, which __Host- does not allow.
std::string_view access_cookie(bool secure) {
    return secure ? "__Host-credvault_session" : "credvault_session";
}
std::string_view refresh_cookie(bool secure) {
    return secure ? "__Secure-credvault_refresh" : "credvault_refresh";
}

std::string cookie(std::string_view name, std::string_view value, std::string_view path, std::int64_t seconds,
                   bool secure) {
    std::string text(name);
    text.append("=").append(value).append("; Path=").append(path);
    text.append("; Max-Age=").append(std::to_string(value.empty() ? 0 : seconds));
    text.append("; HttpOnly; SameSite=Strict");
    if (secure) text.append("; Secure");
    return text;
}

/// The value of the only cookie of that name.
std::string_view cookie_value(std::string_view field, std::string_view name) {
    std::string_view found;
    bool seen = false;
    while (!field.empty()) {
        const std::size_t end = std::min(field.find(';'), field.size());
        std::string_view pair = field.substr(0, end);
        field.remove_prefix(std::min(end + 1, field.size()));
        while (pair.starts_with(' ')) pair.remove_prefix(1);
        while (pair.ends_with(' ')) pair.remove_suffix(1);
        if (!pair.starts_with(name) || pair.size() == name.size() || pair[name.size()] != '=') continue;
        // Two of one name mean that somebody put one beside ours: which is which can't be told.
        if (seen) return {};
        seen = true;
        found = pair.substr(name.size() + 1);
    }
    return found;
}

}  // namespace

std::string make_token(TokenKind kind) {
    return std::string(prefix_of(kind)) + random_text(random_characters);
}

bool is_token(TokenKind kind, std::string_view text) {
    const std::string_view prefix = prefix_of(kind);
    return text.size() == prefix.size() + random_characters && text.starts_with(prefix) &&
           is_base62(text.substr(prefix.size()));
}

std::string make_family() { return random_text(family_characters); }

std::string make_refresh_token(std::string_view family) {
    return std::string(refresh_prefix).append(family) + random_text(random_characters);
}

std::optional<std::string_view> family_of(std::string_view token) {
    if (token.size() != refresh_prefix.size() + family_characters + random_characters) return {};
    if (!token.starts_with(refresh_prefix)) return {};
    token.remove_prefix(refresh_prefix.size());
    if (!is_base62(token)) return {};
    return token.substr(0, family_characters);
}

std::string csrf_token_of(std::string_view access_token) {
    constexpr std::string_view purpose = "csrf";
    Digest digest;
    crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(purpose.data()),
                       purpose.size(), reinterpret_cast<const unsigned char*>(access_token.data()),
                       std::min<std::size_t>(access_token.size(), crypto_generichash_KEYBYTES_MAX));
    return hex_of(digest);
}

bool is_csrf_token(std::string_view text, std::string_view access_token) {
    const std::string expected = csrf_token_of(access_token);
    return text.size() == expected.size() && sodium_memcmp(text.data(), expected.data(), text.size()) == 0;
}

CookieTokens tokens_in_cookies(std::string_view field, bool secure) {
    return {cookie_value(field, access_cookie(secure)), cookie_value(field, refresh_cookie(secure))};
}

std::vector<std::string> session_cookies(std::string_view access, std::string_view refresh,
                                         std::int64_t refresh_seconds, bool secure) {
    // The access token's cookie outlives it: a call with it then says 401, and the page refreshes.
    return {cookie(access_cookie(secure), access, "/", refresh_seconds, secure),
            cookie(refresh_cookie(secure), refresh, refresh_path, refresh_seconds, secure)};
}

}  // namespace credvault::access
