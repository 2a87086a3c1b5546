#include "base/log_line.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <iterator>

#include "base/clock.h"

namespace credvault::log {
namespace {

constexpr std::array<std::string_view, 5> level_names{"debug", "info", "warning", "error", "off"};

/// The length of the UTF-8 sequence that begins the text, 0 where there is none (RFC 3629, section 4).
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4) return 0;
    const unsigned least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const unsigned greatest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (byte(1) < least || byte(1) > greatest) return 0;
    for (std::size_t i = 2; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return 0;
    }
    return length;
}

void append_escape(std::string& out, char c) {
    switch (c) {
        case '"':
        case '\\':
            out += '\\';
            out += c;
            break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
    }
}

bool needs_escape(char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// Whether a text value may stand bare in a line for people.
bool is_plain(std::string_view text) {
    if (text.empty()) return false;
    for (const char c : text) {
        if (needs_escape(c) || c == ' ' || c == '=' || static_cast<unsigned char>(c) >= 0x80) return false;
    }
    return true;
}

struct ValueWriter {
    std::string& out;
    bool always_quoted;

    void operator()(std::string_view text) const {
        if (!always_quoted && is_plain(text)) {
            out += text;
        } else {
            append_quoted(out, text);
        }
    }
    void operator()(bool value) const { out += value ? "true" : "false"; }
    void operator()(double value) const {
        if (std::isfinite(value)) {
            fmt::format_to(std::back_inserter(out), "{}", value);
        } else {
            out += "null";
        }
    }
    template <std::integral T>
    void operator()(T value) const {
        const fmt::format_int text(value);
        out.append(text.data(), text.size());
    }
};

}  // namespace

std::string_view level_name(Level level) { return level_names[static_cast<std::size_t>(level)]; }

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const std::size_t length = sequence_length(text);
        if (length == 0) {
            out += "\xef\xbf\xbd";
        } else if (length == 1 && needs_escape(text[0])) {
            append_escape(out, text[0]);
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out += '"';
}

void append_text_line(std::string& out, const Line& line) {
    append_time(out, line.time_ms);
    fmt::format_to(std::back_inserter(out), " {:<7} ", level_name(line.level));
    // A message is ours, but a library's words may have found their way into it: one line stays one line.
    for (const char c : line.message) {
        if (needs_escape(c) && c != '"') {
            append_escape(out, c);
        } else {
            out += c;
        }
    }
    for (const Field& field : line.fields) {
        out += ' ';
        out += field.name;
        out += '=';
        std::visit(ValueWriter{out, false}, field.value);
    }
}

void append_json_line(std::string& out, const Line& line) {
    out += "{\"time\":\"";
    append_time(out, line.time_ms);
    out += "\",\"level\":\"";
    out += level_name(line.level);
    out += "\",\"message\":";
    append_quoted(out, line.message);
    for (const Field& field : line.fields) {
        out += ',';
        append_quoted(out, field.name);
        out += ':';
        std::visit(ValueWriter{out, true}, field.value);
    }
    out += '}';
}

void append_line(std::string& out, Format format, const Line& line) {
    format == Format::Json ? append_json_line(out, line) : append_text_line(out, line);
}

}  // namespace credvault::log
