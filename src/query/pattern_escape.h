// Reading a Perl pattern character by character: escapes and bracketed classes, as RE2 spells them. Internal to query/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace credvault::query {

/// A place in a pattern.
struct PatternScan {
    std::string_view pattern;
    std::size_t at = 0;
    bool unicode_classes = false;  ///< (*UCP): \d, \w and \s know all of Unicode.
    std::size_t properties = 0;    ///< Sets of Unicode characters met so far; each takes long to compile.

    bool at_end() const { return at >= pattern.size(); }
    std::string_view rest() const { return pattern.substr(at); }
    /// Preconditions: not at the end; for before(): not at the beginning.
    char peek() const { return pattern[at]; }
    char before() const { return pattern[at - 1]; }
    char take() { return pattern[at++]; }
    /// One whole UTF-8 character.
    std::string_view take_character();
    /// Moves over the text if it stands here.
    bool skip(std::string_view text);
    /// INVALID_FILTER that names the place.
    Error wrong(std::string_view what) const;
};

enum class EscapePlace : std::uint8_t { Outside, InClass };

struct Escape {
    bool is_literal = false;  ///< `text` is the character meant, else RE2 syntax.
    std::string text;
};

/// Reads one escape; a backslash stands here.
Result<Escape> take_escape(PatternScan& scan, EscapePlace place);
/// Reads one class in square brackets and appends RE2's form; a `[` stands here.
Status translate_class(PatternScan& scan, std::string& out);
/// Appends a character so that RE2 takes it as itself.
void append_literal(std::string& out, std::string_view character);

}  // namespace credvault::query
