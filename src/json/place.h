// Where in a text something is, for messages. Internal to json/.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace credvault::json {

/// Both count from 1, the column in bytes; lines end with a line feed.
struct Place {
    std::size_t line;
    std::size_t column;
};

Place place_of(std::string_view text, std::size_t offset);

/// Where the first byte stands that is no UTF-8 (RFC 3629: shortest forms, no surrogates, up to U+10FFFF): the first
/// byte of the sequence that is wrong or incomplete. The size of the text where all is well.
std::size_t first_invalid_utf8(std::string_view text);

/// Appends one step to a JSON pointer (RFC 6901), from a name in its escaped form. Once the pointer has reached 512
/// bytes it says "…" and grows no more.
void append_pointer(std::string& pointer, std::string_view escaped_name);

}  // namespace credvault::json
