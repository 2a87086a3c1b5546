#include "json/quoted.h"

#include <bit>
#include <cstdint>

#include "json/block.h"
#include "json/escape.h"

namespace credvault::json {
namespace {

constexpr std::string_view lone_surrogate = "a \\u escape must not stand for half of a surrogate pair";

/// Copies what needs no change, up to a quote, a backslash, a control character or the end.
void copy_plain(QuotedCopy& copy, const char* end) {
    const char* at = copy.at;
    char* to = copy.to;
    while (end - at >= block_size) {
        const Block block = Block::load(at);
        block.store(to);
        const std::uint32_t specials = block.specials();
        const int plain = specials == 0 ? block_size : std::countr_zero(specials);
        at += plain;
        to += plain;
        if (specials != 0) {
            copy.at = at;
            copy.to = to;
            return;
        }
    }
    while (at < end && static_cast<unsigned char>(*at) >= 0x20 && *at != '"' && *at != '\\') *to++ = *at++;
    copy.at = at;
    copy.to = to;
}

void write_point(QuotedCopy& copy, std::uint32_t point) {
    const bool plain = point >= 0x20 && point != '"' && point != '\\';
    copy.to = plain ? put_utf8(copy.to, point) : put_escape(copy.to, static_cast<unsigned char>(point));
}

/// The value of the four digits that follow `\u` at `at`, or -1.
std::int32_t unicode_escape(const char* at, const char* end) {
    return end - at >= 6 && at[0] == '\\' && at[1] == 'u' ? hex4(at + 2) : -1;
}

bool copy_unicode(QuotedCopy& copy, const char* end) {
    const std::int32_t high = unicode_escape(copy.at, end);
    if (high < 0) {
        copy.wrong = "four hexadecimal digits must follow \\u";
        return false;
    }
    auto point = static_cast<std::uint32_t>(high);
    int size = 6;
    if (point >= 0xd800 && point <= 0xdfff) {
        const std::int32_t low = unicode_escape(copy.at + 6, end);
        if (point > 0xdbff || low < 0xdc00 || low > 0xdfff) {
            copy.wrong = lone_surrogate;
            copy.refused = true;
            return false;
        }
        point = 0x10000 + ((point - 0xd800) << 10) + (static_cast<std::uint32_t>(low) - 0xdc00);
        size = 12;
    }
    if (point == 0) {
        copy.wrong = "strings must not contain U+0000";
        copy.refused = true;
        return false;
    }
    write_point(copy, point);
    copy.at += size;
    return true;
}

bool copy_escape(QuotedCopy& copy, const char* end) {
    if (end - copy.at >= 2 && copy.at[1] == 'u') return copy_unicode(copy, end);
    const char c = end - copy.at >= 2 ? escaped_character(copy.at[1]) : '\0';
    if (c == 0) {
        copy.wrong = "a backslash must be followed by one of \" \\ / b f n r t u";
        return false;
    }
    write_point(copy, static_cast<unsigned char>(c));
    copy.at += 2;
    return true;
}

}  // namespace

QuotedCopy copy_quoted(const char* at, const char* end, char* to) {
    QuotedCopy copy{at + 1, to + 1, {}, false};
    *to = '"';
    for (;;) {
        copy_plain(copy, end);
        if (copy.at == end) {
            copy.wrong = "the text ends inside a string";
            return copy;
        }
        if (*copy.at == '"') {
            *copy.to++ = '"';
            ++copy.at;
            return copy;
        }
        if (*copy.at != '\\') {
            copy.wrong = "control characters in strings must be escaped";
            return copy;
        }
        if (!copy_escape(copy, end)) return copy;
    }
}

}  // namespace credvault::json
