// Sixteen bytes of text compared at once: SSE2 where the machine has it, plain code elsewhere. Each question answers a
// mask whose bit n speaks of byte n. Internal to json/ and inline, since every read of a record goes through it.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace credvault::json {

constexpr int block_size = 16;

/// The plain version. Also the yardstick for the other one in tests.
class PlainBlock {
public:
    static PlainBlock load(const char* at) {
        PlainBlock block;
        std::memcpy(block.bytes_, at, block_size);
        return block;
    }
    void store(char* to) const { std::memcpy(to, bytes_, block_size); }

    /// Where a scan through canonical string text has to look: `"` and `\`.
    std::uint32_t string_stops() const {
        return mask([](unsigned char c) { return c == '"' || c == '\\'; });
    }
    /// What can't be copied as it is: `"`, `\` and control characters.
    std::uint32_t specials() const {
        return mask([](unsigned char c) { return c == '"' || c == '\\' || c < 0x20; });
    }
    /// What ends a number, `true`, `false` or `null` in canonical text: `,` `]` `}`.
    std::uint32_t value_ends() const {
        return mask([](unsigned char c) { return c == ',' || c == ']' || c == '}'; });
    }
    std::uint32_t quotes() const {
        return mask([](unsigned char c) { return c == '"'; });
    }
    std::uint32_t backslashes() const {
        return mask([](unsigned char c) { return c == '\\'; });
    }
    std::uint32_t openings() const {
        return mask([](unsigned char c) { return c == '[' || c == '{'; });
    }
    std::uint32_t closings() const {
        return mask([](unsigned char c) { return c == ']' || c == '}'; });
    }

private:
    template <class Test>
    std::uint32_t mask(Test test) const {
        std::uint32_t bits = 0;
        for (int i = 0; i < block_size; ++i) bits |= static_cast<std::uint32_t>(test(bytes_[i])) << i;
        return bits;
    }

    unsigned char bytes_[block_size];
};

#if defined(__SSE2__)

class SseBlock {
public:
    static SseBlock load(const char* at) {
        return SseBlock(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
    }
    void store(char* to) const { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes_); }

    std::uint32_t string_stops() const { return mask(_mm_or_si128(is('"'), is('\\'))); }
    std::uint32_t specials() const {
        const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes_, _mm_set1_epi8(0x1f)), bytes_);
        return mask(_mm_or_si128(_mm_or_si128(is('"'), is('\\')), controls));
    }
    std::uint32_t value_ends() const { return mask(_mm_or_si128(is(','), is_folded('}'))); }
    std::uint32_t quotes() const { return mask(is('"')); }
    std::uint32_t backslashes() const { return mask(is('\\')); }
    std::uint32_t openings() const { return mask(is_folded('{')); }
    std::uint32_t closings() const { return mask(is_folded('}')); }

private:
    explicit SseBlock(__m128i bytes) : bytes_(bytes) {}
    static std::uint32_t mask(__m128i matches) {
        return static_cast<std::uint32_t>(_mm_movemask_epi8(matches));
    }
    __m128i is(char c) const { return _mm_cmpeq_epi8(bytes_, _mm_set1_epi8(c)); }
    /// Bit 5 tells `[` from `{` and `]` from `}`.
    __m128i is_folded(char c) const {
        return _mm_cmpeq_epi8(_mm_or_si128(bytes_, _mm_set1_epi8(0x20)), _mm_set1_epi8(c));
    }

    __m128i bytes_;
};

using Block = SseBlock;
#else
using Block = PlainBlock;
#endif

}  // namespace credvault::json
