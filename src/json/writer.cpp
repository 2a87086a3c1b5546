#include "json/writer.h"

#include <bit>
#include <charconv>
#include <cmath>

#include "json/block.h"
#include "json/escape.h"

namespace credvault::json {
namespace {

/// The first character from `at` on that has to be escaped, or `end`.
const char* next_special(const char* at, const char* end) {
    while (end - at >= block_size) {
        const std::uint32_t specials = Block::load(at).specials();
        if (specials != 0) return at + std::countr_zero(specials);
        at += block_size;
    }
    while (at < end && static_cast<unsigned char>(*at) >= 0x20 && *at != '"' && *at != '\\') ++at;
    return at;
}

}  // namespace

void append_escaped(std::string& out, std::string_view decoded) {
    const char* at = decoded.data();
    const char* end = at + decoded.size();
    for (;;) {
        const char* special = next_special(at, end);
        out.append(at, special);
        if (special == end) return;
        char escape[max_escape_bytes];
        out.append(escape, put_escape(escape, static_cast<unsigned char>(*special)));
        at = special + 1;
    }
}

void append_string(std::string& out, std::string_view decoded) {
    out.push_back('"');
    append_escaped(out, decoded);
    out.push_back('"');
}

void append_int(std::string& out, std::int64_t value) {
    char digits[20];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

char* put_double(char* to, double value) {
    const double size = std::fabs(value);
    if (size == 0 || (size >= 1e-4 && size < 1e16)) {
        char* end = std::to_chars(to, to + max_double_bytes, value, std::chars_format::fixed).ptr;
        for (const char* at = to; at != end; ++at) {
            if (*at == '.') return end;
        }
        *end++ = '.';
        *end++ = '0';
        return end;
    }
    return std::to_chars(to, to + max_double_bytes, value, std::chars_format::scientific).ptr;
}

void append_double(std::string& out, double value) {
    char digits[max_double_bytes];
    out.append(digits, put_double(digits, value));
}

std::string escape_key(std::string_view decoded) {
    std::string escaped;
    append_escaped(escaped, decoded);
    return escaped;
}

void append_decoded(std::string& out, std::string_view escaped) {
    for (;;) {
        const std::size_t backslash = escaped.find('\\');
        out.append(escaped.substr(0, backslash));
        if (backslash == std::string_view::npos || backslash + 1 == escaped.size()) return;
        escaped.remove_prefix(backslash + 1);
        if (escaped[0] == 'u' && escaped.size() >= 5) {
            // Canonical text writes nothing but control characters this way.
            out.push_back(static_cast<char>(hex4(escaped.data() + 1)));
            escaped.remove_prefix(5);
        } else {
            out.push_back(escaped_character(escaped[0]));
            escaped.remove_prefix(1);
        }
    }
}

void Writer::separate() {
    if (needs_comma_) out_.push_back(',');
    needs_comma_ = true;
}

Writer& Writer::open(char bracket) {
    separate();
    out_.push_back(bracket);
    needs_comma_ = false;
    return *this;
}

Writer& Writer::close(char bracket) {
    out_.push_back(bracket);
    needs_comma_ = true;
    return *this;
}

Writer& Writer::key(std::string_view name) {
    separate();
    append_string(out_, name);
    out_.push_back(':');
    needs_comma_ = false;
    return *this;
}

Writer& Writer::string(std::string_view value) {
    separate();
    append_string(out_, value);
    return *this;
}

Writer& Writer::number(std::int64_t value) {
    separate();
    append_int(out_, value);
    return *this;
}

Writer& Writer::number(double value) {
    separate();
    append_double(out_, value);
    return *this;
}

Writer& Writer::boolean(bool value) {
    separate();
    out_.append(value ? "true" : "false");
    return *this;
}

Writer& Writer::null() {
    separate();
    out_.append("null");
    return *this;
}

Writer& Writer::raw(std::string_view canonical) {
    separate();
    out_.append(canonical);
    return *this;
}

}  // namespace credvault::json
