// Code points in valid UTF-8 text: counted, skipped, compared. Functions without state; inline where loops call them.
#pragma once

#include <cstddef>
#include <string_view>

namespace credvault::query {

/// Whether a byte is in the middle of a code point.
constexpr bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// How many bytes the code point has that begins at `at`. Precondition: at < text.size(), at a code point's first byte.
constexpr std::size_t code_point_bytes(std::string_view text, std::size_t at) {
    std::size_t length = 1;
    while (at + length < text.size() && is_continuation(text[at + length])) ++length;
    return length;
}

constexpr std::size_t count_code_points(std::string_view text) {
    std::size_t count = 0;
    for (const char byte : text) count += is_continuation(byte) ? 0 : 1;
    return count;
}

/// Where the code point with this number begins; the text's size where it has no more than `index`.
constexpr std::size_t code_point_offset(std::string_view text, std::size_t index) {
    std::size_t at = 0;
    while (index > 0 && at < text.size()) {
        at += code_point_bytes(text, at);
        --index;
    }
    return at;
}

}  // namespace credvault::query
