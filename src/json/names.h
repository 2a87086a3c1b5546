// The names of the members seen so far in the objects that are being parsed, to refuse a name that comes twice. A
// name's text lies in a buffer of the parser's; here are only its place, size and hash. Internal to json/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace credvault::json {

struct Name {
    std::uint32_t sent;     ///< Where its quote stands in the text that was sent.
    std::uint32_t written;  ///< Where its first character stands in the canonical text.
    std::uint32_t size;
    std::uint32_t hash;
    std::string_view in(const char* canonical) const { return {canonical + written, size}; }
};

/// Names of one object up to this many are compared as they come, more when the object is complete.
constexpr std::size_t few_names = 16;

/// A hash of a name in its escaped form; its upper bits are the better ones. Not secret: find_duplicate bounds what
/// colliding names can cost.
inline std::uint32_t hash_name(std::string_view name) {
    constexpr std::uint64_t odd_constant = 0x9e3779b97f4a7c15;  // 2^64 over the golden ratio.
    const auto load = [](const char* at, auto word) {
        std::memcpy(&word, at, sizeof word);
        return std::uint64_t{word};
    };
    const char* at = name.data();
    std::size_t left = name.size();
    std::uint64_t state = left * odd_constant;
    for (; left > 8; at += 8, left -= 8) {
        state = (state ^ load(at, std::uint64_t{})) * odd_constant;
        state ^= state >> 32;
    }
    std::uint64_t word = 0;
    if (left >= 4) {
        word = load(at, std::uint32_t{}) | load(at + left - 4, std::uint32_t{}) << 32;
    } else if (left > 0) {
        word = load(at, std::uint8_t{}) | load(at + left / 2, std::uint8_t{}) << 8 |
               load(at + left - 1, std::uint8_t{}) << 16;
    }
    return static_cast<std::uint32_t>((state ^ word) * odd_constant >> 32);
}

/// Of all names that equal an earlier one, the first; null where each is unique. Takes O(n) time with names as they
/// usually are, O(n log n) with names made to collide. Reorders nothing; `table` is scratch.
const Name* find_duplicate(const Name* names, std::size_t count, const char* canonical,
                           std::vector<std::uint32_t>& table);

}  // namespace credvault::json
