#include "query/text/unicode.h"

#include <algorithm>
#include <iterator>

namespace credvault::query {
namespace {

struct CharPair {
    char32_t first;
    char32_t second;
};

constexpr CharPair word_ranges[] = {
#include "query/text/unicode_words.def"
};
constexpr CharPair lower_pairs[] = {
#include "query/text/unicode_lower.def"
};
constexpr CharPair base_pairs[] = {
#include "query/text/unicode_base.def"
};

/// Han, Hiragana and Katakana; Hangul is written with spaces.
constexpr CharPair ideographs[] = {{0x3005, 0x3007}, {0x3041, 0x3096},   {0x309d, 0x309f},
                                   {0x30a1, 0x30fa}, {0x30fc, 0x30ff},   {0x31f0, 0x31ff},
                                   {0x3400, 0x4dbf}, {0x4e00, 0x9fff},   {0xf900, 0xfaff},
                                   {0xff66, 0xff9d}, {0x20000, 0x2fa1f}, {0x30000, 0x3134a}};

template <std::size_t N>
const CharPair* last_not_beyond(const CharPair (&table)[N], char32_t c) {
    const CharPair* const after = std::ranges::upper_bound(table, c, {}, &CharPair::first);
    return after == std::begin(table) ? nullptr : after - 1;
}

template <std::size_t N>
bool is_within(const CharPair (&ranges)[N], char32_t c) {
    const CharPair* const range = last_not_beyond(ranges, c);
    return range != nullptr && c <= range->second;
}

template <std::size_t N>
char32_t mapped(const CharPair (&pairs)[N], char32_t c) {
    const CharPair* const pair = last_not_beyond(pairs, c);
    return pair != nullptr && pair->first == c ? pair->second : c;
}

}  // namespace

CharKind kind_of(char32_t c) {
    if (c < 0x80) {
        const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return word ? CharKind::Word : CharKind::Other;
    }
    if (c >= 0x3005 && is_within(ideographs, c)) return CharKind::Ideograph;
    return is_within(word_ranges, c) ? CharKind::Word : CharKind::Other;
}

char32_t lower_case(char32_t c) {
    if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    return mapped(lower_pairs, c);
}

char32_t base_letter(char32_t c) {
    if (c < 0x80) return c;
    return c >= 0x300 && c < 0x370 ? 0 : mapped(base_pairs, c);
}

void append_char(std::string& out, char32_t c) {
    const auto byte = [&](char32_t bits) { out.push_back(static_cast<char>(bits)); };
    if (c < 0x80) return byte(c);
    if (c < 0x800) {
        byte(0xc0 | c >> 6);
    } else {
        if (c < 0x10000) {
            byte(0xe0 | c >> 12);
        } else {
            byte(0xf0 | c >> 18);
            byte(0x80 | (c >> 12 & 0x3f));
        }
        byte(0x80 | (c >> 6 & 0x3f));
    }
    byte(0x80 | (c & 0x3f));
}

}  // namespace credvault::query
