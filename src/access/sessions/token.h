// The texts that a session is known by, and the cookies that carry them. A token is a prefix and random base 62 text,
// opaque to clients; only its digest is kept (secret.h). Pure functions but for the random source.
//
//     cva_…  access token: 44 random characters, 262 bits
//     cvr_…  refresh token: 22 characters that stay with the session (its family), then 44 that change with each use
//     cvi_…  invitation, cvp_… password reset, cvs_… setup of the first owner: 44 random characters
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace credvault::access {

enum class TokenKind : std::uint8_t { Access, Invitation, Reset, Setup };

std::string make_token(TokenKind kind);
/// Whether the text has the form of such a token. What has not can't be one of ours.
bool is_token(TokenKind kind, std::string_view text);

std::string make_family();
std::string make_refresh_token(std::string_view family);
/// The family of a refresh token; nothing where the text has another form.
std::optional<std::string_view> family_of(std::string_view refresh_token);

/// What a page must send back in X-CSRF-Token with calls that change something: a keyed hash of the cookie's token, so
/// that nothing is kept for it, and only who was given it knows it.
std::string csrf_token_of(std::string_view access_token);
/// In constant time.
bool is_csrf_token(std::string_view text, std::string_view access_token);

/// The tokens that a Cookie field holds; empty where there is none, or one stands there twice.
struct CookieTokens {
    std::string_view access, refresh;
};
CookieTokens tokens_in_cookies(std::string_view cookie_field, bool secure);
/// The Set-Cookie fields that hand a session over to a browser, or, with empty tokens, take it away.
std::vector<std::string> session_cookies(std::string_view access, std::string_view refresh,
                                         std::int64_t refresh_seconds, bool secure);

}  // namespace credvault::access
