// Characters of UTF-8 text as full-text search sees them: what belongs to a word, lower case, letters without their
// diacritics. Tables of our own (tools/unicode_tables.py), since indexes on disk depend on them. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace credvault::query {

enum class CharKind : std::uint8_t {
    Other,      ///< Between words.
    Word,       ///< Letters, digits and their marks.
    Ideograph,  ///< Of scripts that write without spaces: Han, Hiragana, Katakana.
};

CharKind kind_of(char32_t c);
char32_t lower_case(char32_t c);
/// The letter without its diacritics; 0 for a combining diacritic.
char32_t base_letter(char32_t c);

/// The character at `at`, which moves behind it. Precondition: valid UTF-8, at < text.size().
inline char32_t next_char(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const char32_t lead = byte(at++);
    if (lead < 0x80) return lead;
    int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    char32_t c = lead & (0x3f >> more);
    for (; more > 0 && at < text.size(); --more) c = c << 6 | (byte(at++) & 0x3f);
    return c;
}
void append_char(std::string& out, char32_t c);

}  // namespace credvault::query
