#include "query/pattern_escape.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace credvault::query {
namespace {

constexpr std::size_t max_properties = 100;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_octal(char c) { return c >= '0' && c <= '7'; }
bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// A letter escape that stands for a set of characters: its form outside of a class and, where it has one, inside.
struct SetEscape {
    char letter;
    std::string_view outside;
    std::string_view in_class;  ///< Empty: RE2 has no way to say it there.
};

#define CREDVAULT_SPACE "\\t\\n\\x0b\\f\\r "
#define CREDVAULT_HORIZONTAL "\\t \\x{A0}\\x{1680}\\x{180E}\\x{2000}-\\x{200A}\\x{202F}\\x{205F}\\x{3000}"
#define CREDVAULT_VERTICAL "\\n\\x0b\\f\\r\\x{85}\\x{2028}\\x{2029}"
#define CREDVAULT_UNICODE_SPACE CREDVAULT_HORIZONTAL CREDVAULT_VERTICAL "\\p{Z}"
#define CREDVAULT_UNICODE_WORD "\\p{L}\\p{N}_"

constexpr SetEscape set_escapes[] = {
    {'d', "\\d", "\\d"},
    {'D', "\\D", "\\D"},
    {'w', "\\w", "\\w"},
    {'W', "\\W", "\\W"},
    {'s', "[" CREDVAULT_SPACE "]", CREDVAULT_SPACE},
    {'S', "[^" CREDVAULT_SPACE "]", "\\S"},
    {'h', "[" CREDVAULT_HORIZONTAL "]", CREDVAULT_HORIZONTAL},
    {'H', "[^" CREDVAULT_HORIZONTAL "]", ""},
    {'v', "[" CREDVAULT_VERTICAL "]", CREDVAULT_VERTICAL},
    {'V', "[^" CREDVAULT_VERTICAL "]", ""},
    {'R', "(?:\\r\\n|[" CREDVAULT_VERTICAL "])", ""},
    {'N', "[^\\n]", ""},
    {'b', "\\b", "\\x08"},
    {'B', "\\B", ""},
    {'z', "\\z", ""},
    {'Z', "(?:\\n?\\z)", ""},
    {'K', "", ""},
};

constexpr SetEscape unicode_set_escapes[] = {
    {'d', "\\p{Nd}", "\\p{Nd}"},
    {'D', "\\P{Nd}", "\\P{Nd}"},
    {'w', "[" CREDVAULT_UNICODE_WORD "]", CREDVAULT_UNICODE_WORD},
    {'W', "[^" CREDVAULT_UNICODE_WORD "]", ""},
    {'s', "[" CREDVAULT_UNICODE_SPACE "]", CREDVAULT_UNICODE_SPACE},
    {'S', "[^" CREDVAULT_UNICODE_SPACE "]", ""},
};

const SetEscape* find_set(char letter, bool unicode) {
    if (unicode) {
        const auto* found = std::ranges::find(unicode_set_escapes, letter, &SetEscape::letter);
        if (found != std::end(unicode_set_escapes)) return found;
    }
    const auto* found = std::ranges::find(set_escapes, letter, &SetEscape::letter);
    return found != std::end(set_escapes) ? found : nullptr;
}

/// The letter escapes that stand for one character.
std::optional<char> control_letter(char letter) {
    switch (letter) {
        case 'a': return '\a';
        case 'e': return '\x1b';
        case 'f': return '\f';
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        default: return std::nullopt;
    }
}

Result<Escape> code_point(const PatternScan& scan, std::string_view digits, int base) {
    std::uint32_t point = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, point, base);
    if (!digits.empty() && (error != std::errc() || stop != end)) {
        return scan.wrong("a code point is malformed");
    }
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) {
        return scan.wrong("there is no such code point");
    }
    char text[16];
    const auto written = std::to_chars(text, text + sizeof text, point, 16);
    // Left to RE2, since a literal could not hold U+0000.
    return Escape{false, "\\x{" + std::string(text, written.ptr) + "}"};
}

/// Takes the digits that belong to an escape, at most `most`.
template <class Test>
std::string_view take_digits(PatternScan& scan, std::size_t most, Test test) {
    std::size_t count = 0;
    const std::string_view rest = scan.rest();
    while (count < most && count < rest.size() && test(rest[count])) ++count;
    scan.at += count;
    return rest.substr(0, count);
}

/// After \x or \o: digits in braces.
Result<Escape> braced_code_point(PatternScan& scan, int base) {
    const std::size_t close = scan.rest().find('}');
    if (close == std::string_view::npos) return scan.wrong("a code point is not closed");
    const std::string_view digits = scan.rest().substr(1, close - 1);
    if (digits.empty()) return scan.wrong("a code point is missing");
    scan.at += close + 1;
    return code_point(scan, digits, base);
}

/// After \p or \P.
Result<Escape> property(PatternScan& scan, char letter) {
    if (scan.at_end()) return scan.wrong("a property is missing after \\p");
    std::string name(1, scan.take());
    if (name == "{") {
        const std::size_t close = scan.rest().find('}');
        if (close == std::string_view::npos) return scan.wrong("a property is not closed");
        name = scan.rest().substr(0, close);
        scan.at += close + 1;
    }
    const bool negated = name.starts_with('^');
    if (negated) name.erase(0, 1);
    const char sign = negated ? static_cast<char>(letter ^ 0x20) : letter;  // p and P are one bit apart.
    if (name == "L&") return Escape{false, sign == 'p' ? "\\p{Lu}\\p{Ll}\\p{Lt}" : ""};
    return Escape{false, std::string("\\") + sign + "{" + name + "}"};
}

Result<Escape> letter_escape(PatternScan& scan, char letter, EscapePlace place) {
    if (const std::optional<char> control = control_letter(letter)) {
        return Escape{true, std::string(1, *control)};
    }
    if (letter == 'p' || letter == 'P') {
        TRY(Escape escape, property(scan, letter));
        if (escape.text.empty()) return scan.wrong("\\P{L&} is not supported");
        if (place == EscapePlace::Outside) escape.text = "[" + escape.text + "]";
        return escape;
    }
    if (letter == 'x') {
        if (!scan.at_end() && scan.peek() == '{') return braced_code_point(scan, 16);
        return code_point(scan, take_digits(scan, 2, is_hex), 16);
    }
    if (letter == 'o' && !scan.at_end() && scan.peek() == '{') return braced_code_point(scan, 8);
    if (letter == 'c' && !scan.at_end()) {
        const char upper = is_letter(scan.peek()) ? static_cast<char>(scan.peek() & ~0x20) : scan.peek();
        scan.take();
        return Escape{true, std::string(1, static_cast<char>(upper ^ 0x40))};
    }
    if (const SetEscape* set = find_set(letter, scan.unicode_classes)) {
        const bool in_class = place == EscapePlace::InClass;
        if (!in_class || !set->in_class.empty()) {
            return Escape{false, std::string(in_class ? set->in_class : set->outside)};
        }
    }
    if (letter == 'g' || letter == 'k') {
        return scan.wrong("back references are not supported: they can take exponential time");
    }
    return scan.wrong(std::string("the escape \\") + letter + " is not supported here");
}

/// After "[:", which is known to be closed by ":]".
void take_posix_class(PatternScan& scan, std::string& out) {
    const std::size_t end = scan.rest().find(":]") + 2;
    out += scan.rest().substr(0, end);
    scan.at += end;
}

}  // namespace

std::string_view PatternScan::take_character() {
    const auto first = static_cast<unsigned char>(peek());
    const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const std::string_view character = rest().substr(0, length);
    at += character.size();
    return character;
}

bool PatternScan::skip(std::string_view text) {
    if (!rest().starts_with(text)) return false;
    at += text.size();
    return true;
}

Error PatternScan::wrong(std::string_view what) const {
    return Error(ErrorCode::INVALID_FILTER,
                 "The regular expression is not valid: " + std::string(what) + " (near byte " +
                     std::to_string(at) + ")",
                 "$regex");
}

Result<Escape> take_escape(PatternScan& scan, EscapePlace place) {
    scan.take();
    if (scan.at_end()) return scan.wrong("a backslash stands at the end");
    const char c = scan.peek();
    if (c == '0' || (place == EscapePlace::InClass && is_octal(c))) {
        return code_point(scan, take_digits(scan, 3, is_octal), 8);
    }
    if (c >= '1' && c <= '9') {
        const std::string_view digits = scan.rest().substr(0, 3);
        if (digits.size() == 3 && std::ranges::all_of(digits, is_octal)) {
            return code_point(scan, take_digits(scan, 3, is_octal), 8);
        }
        return scan.wrong("back references are not supported: they can take exponential time");
    }
    if (is_letter(c)) {
        TRY(Escape escape, letter_escape(scan, scan.take(), place));
        const bool unicode =
            escape.text.find("\\p{") != std::string::npos || escape.text.find("\\P{") != std::string::npos;
        if (!escape.is_literal && unicode && ++scan.properties > max_properties) {
            return scan.wrong("it has more than 100 sets of Unicode characters");
        }
        return escape;
    }
    return Escape{true, std::string(scan.take_character())};
}

Status translate_class(PatternScan& scan, std::string& out) {
    out += scan.take();
    if (scan.skip("^")) out += '^';
    bool first = true;
    for (; !scan.at_end(); first = false) {
        const char c = scan.peek();
        if (c == ']' && !first) {
            out += scan.take();
            return {};
        }
        if (c == '\\') {
            if (scan.skip("\\E")) continue;
            if (scan.skip("\\Q")) {
                while (!scan.at_end() && !scan.skip("\\E")) append_literal(out, scan.take_character());
                continue;
            }
            TRY(const Escape escape, take_escape(scan, EscapePlace::InClass));
            if (escape.is_literal) {
                append_literal(out, escape.text);
            } else {
                out += escape.text;
            }
        } else if (scan.rest().starts_with("[:") && scan.rest().find(":]") != std::string_view::npos) {
            take_posix_class(scan, out);
        } else if (c == '-') {
            out += scan.take();
        } else {
            append_literal(out, scan.take_character());
        }
    }
    return scan.wrong("a closing square bracket is missing");
}

void append_literal(std::string& out, std::string_view character) {
    const char c = character[0];
    const bool plain = static_cast<unsigned char>(c) >= 0x80 || is_letter(c) || (c >= '0' && c <= '9') ||
                       c == '_' || c == ' ';
    if (plain) {
        out += character;
    } else if (c < ' ' || c == 0x7f) {
        constexpr char digits[] = "0123456789abcdef";
        out += {'\\', 'x', digits[c >> 4 & 15], digits[c & 15]};
    } else {
        out += '\\';
        out += c;
    }
}

}  // namespace credvault::query
