// A quoted string as somebody wrote it, by RFC 8259's grammar, and its canonical form. Internal to json/.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "json/block.h"

namespace credvault::json {

/// What copy_quoted did.
struct QuotedCopy {
    const char* at;          ///< Behind the closing quote, or the character that is wrong.
    char* to;                ///< Behind what was written.
    std::string_view wrong;  ///< What is wrong, where something is.
    bool refused;            ///< Whether it is JSON but breaks a rule of ours: U+0000 or a lone surrogate.
};

/// Copies the string that begins at `at`, a quote, in canonical form. Preconditions: valid UTF-8 up to `end`; room for
/// as many bytes at `to`.
QuotedCopy copy_quoted(const char* at, const char* end, char* to);

/// The same for what most names and many strings are: at most 15 bytes and nothing to escape. Returns the size with
/// both quotes, or 0 where copy_quoted has to decide.
inline std::ptrdiff_t copy_short(const char* at, const char* end, char* to) {
    if (end - at <= block_size) return 0;
    const Block block = Block::load(at + 1);
    *to = '"';
    block.store(to + 1);
    const std::uint32_t specials = block.specials();
    if (specials == 0) return 0;
    const int size = std::countr_zero(specials);
    return at[1 + size] == '"' ? size + 2 : 0;
}

}  // namespace credvault::json
