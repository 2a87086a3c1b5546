// The small grammar of header fields that several files here need: tokens, white space, case. RFC 9110, section 5.6.
// Pure functions, thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace credvault::http {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// ASCII letters in lower case, other bytes as they are.
inline std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = lower(c);
    return out;
}

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

/// A set of characters for fast look-up.
class CharSet {
public:
    /// Letters, digits and these.
    explicit constexpr CharSet(std::string_view others) {
        for (int c = 0; c < 128; ++c) {
            const char letter = static_cast<char>(c);
            has_[static_cast<std::size_t>(c)] = is_alpha(letter) || is_digit(letter);
        }
        for (const char c : others) has_[static_cast<unsigned char>(c)] = true;
    }
    constexpr bool has(char c) const { return has_[static_cast<unsigned char>(c)]; }
    constexpr bool has_all(std::string_view text) const {
        for (const char c : text) {
            if (!has(c)) return false;
        }
        return true;
    }

private:
    std::array<bool, 256> has_{};
};

inline constexpr CharSet token_chars("!#$%&'*+-.^_`|~");

constexpr bool is_token_char(char c) { return token_chars.has(c); }

/// 1*tchar
constexpr bool is_token(std::string_view text) { return !text.empty() && token_chars.has_all(text); }

/// Control characters other than a tab have no place in a header field.
constexpr bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

/// Bytes below 0x80 only.
inline bool is_ascii(std::string_view text) {
    constexpr std::uint64_t high_bits = ~std::uint64_t{0} / 255 * 0x80;
    std::uint64_t seen = 0;
    for (; text.size() >= sizeof seen; text.remove_prefix(sizeof seen)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), sizeof word);
        seen |= word;
    }
    for (const char c : text) seen |= static_cast<unsigned char>(c);
    return (seen & high_bits) == 0;
}

/// Control characters other than a tab, eight bytes at a time: a byte less than 0x20 borrows from its high bit, one of
/// 0x7f is zero after the exclusive or ("Determine if a word has a byte less than n", Anderson, Bit Twiddling Hacks).
inline bool has_control(std::string_view text) {
    constexpr std::uint64_t ones = ~std::uint64_t{0} / 255;
    while (text.size() >= sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), sizeof word);
        const std::uint64_t flipped = word ^ ones * 0x7f;
        const std::uint64_t suspects = ((word - ones * 0x20) & ~word) | ((flipped - ones) & ~flipped);
        if ((suspects & ones * 0x80) != 0) break;
        text.remove_prefix(sizeof word);
    }
    for (const char c : text) {
        if (is_control(c)) return true;
    }
    return false;
}

/// Without spaces and tabs at either end.
constexpr std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

}  // namespace credvault::http
