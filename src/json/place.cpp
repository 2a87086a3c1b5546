#include "json/place.h"

#include <algorithm>

#include "json/writer.h"

namespace credvault::json {
namespace {

constexpr std::size_t max_pointer_bytes = 512;
constexpr std::string_view ellipsis = "…";

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// The size of the well-formed sequence that the text begins with, by table 3-7 of the Unicode Standard; 0 where there
/// is none.
std::size_t sequence_size(std::string_view text) {
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return 1;
    const std::size_t size = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return 0;
    if (!std::ranges::all_of(text.substr(1, size - 1), is_continuation)) return 0;
    const unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    return byte(1) >= low && byte(1) <= high ? size : 0;
}

}  // namespace

Place place_of(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const auto lines = static_cast<std::size_t>(std::ranges::count(before, '\n'));
    const std::size_t feed = before.rfind('\n');
    return {lines + 1, feed == std::string_view::npos ? offset + 1 : offset - feed};
}

std::size_t first_invalid_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t size = sequence_size(text.substr(at));
        if (size == 0) return at;
        at += size;
    }
    return at;
}

void append_pointer(std::string& pointer, std::string_view escaped_name) {
    if (pointer.ends_with(ellipsis)) return;
    std::string name;
    append_decoded(name, escaped_name);
    pointer.push_back('/');
    for (const char c : name) {
        if (pointer.size() >= max_pointer_bytes && !is_continuation(c)) {
            pointer.append(ellipsis);
            return;
        }
        if (c == '~') {
            pointer.append("~0");
        } else if (c == '/') {
            pointer.append("~1");
        } else {
            pointer.push_back(c);
        }
    }
}

}  // namespace credvault::json
