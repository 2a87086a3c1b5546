// The escapes of canonical strings, and code points as UTF-8. Internal to json/.
#pragma once

#include <cstdint>

namespace credvault::json {

/// Longest text that put_escape and put_utf8 write.
constexpr int max_escape_bytes = 6;

/// The letter of a two-character escape, or 0 where this character has none.
constexpr char escape_letter(unsigned char c) {
    switch (c) {
        case '"':
        case '\\': return static_cast<char>(c);
        case '\b': return 'b';
        case '\f': return 'f';
        case '\n': return 'n';
        case '\r': return 'r';
        case '\t': return 't';
        default: return 0;
    }
}

/// The character that a two-character escape stands for, or 0 where there is no such escape.
constexpr char escaped_character(char letter) {
    switch (letter) {
        case '"':
        case '\\':
        case '/': return letter;
        case 'b': return '\b';
        case 'f': return '\f';
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        default: return 0;
    }
}

/// Writes the canonical escape of a quote, a backslash or a control character. Returns the end.
inline char* put_escape(char* to, unsigned char c) {
    constexpr char digits[] = "0123456789abcdef";
    *to++ = '\\';
    if (const char letter = escape_letter(c); letter != 0) {
        *to++ = letter;
        return to;
    }
    *to++ = 'u';
    *to++ = '0';
    *to++ = '0';
    *to++ = digits[c >> 4];
    *to++ = digits[c & 15];
    return to;
}

/// Writes a code point as UTF-8. Returns the end. Precondition: a Unicode scalar value.
inline char* put_utf8(char* to, std::uint32_t point) {
    const auto put = [&to](std::uint32_t byte) { *to++ = static_cast<char>(byte); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xc0 | point >> 6);
        put(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        put(0xe0 | point >> 12);
        put(0x80 | (point >> 6 & 0x3f));
        put(0x80 | (point & 0x3f));
    } else {
        put(0xf0 | point >> 18);
        put(0x80 | (point >> 12 & 0x3f));
        put(0x80 | (point >> 6 & 0x3f));
        put(0x80 | (point & 0x3f));
    }
    return to;
}

/// The value of four hexadecimal digits, or -1.
inline std::int32_t hex4(const char* at) {
    std::int32_t value = 0;
    for (int i = 0; i < 4; ++i) {
        const char c = at[i];
        const char folded = static_cast<char>(c | 0x20);
        if (c >= '0' && c <= '9') {
            value = value << 4 | (c - '0');
        } else if (folded >= 'a' && folded <= 'f') {
            value = value << 4 | (folded - 'a' + 10);
        } else {
            return -1;
        }
    }
    return value;
}

}  // namespace credvault::json
