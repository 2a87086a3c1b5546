// A number as somebody wrote it, by RFC 8259's grammar, and its canonical form. Internal to json/.
#pragma once

#include <string_view>

namespace credvault::json {

/// What scan_number found.
struct NumberScan {
    const char* end;         ///< The end of the number, or the character that is wrong.
    bool verbatim;           ///< The text is canonical as it stands.
    std::string_view wrong;  ///< What is wrong, where something is.
};

/// Reads the number that begins at `at`, a digit or a minus sign, and ends before `end` or where it can't go on.
NumberScan scan_number(const char* at, const char* end);

/// Writes the canonical form of a number that scan_number accepted, at most max_double_bytes (writer.h). Returns its
/// end, or null where the number is no finite double. What is nearer to zero than any double becomes 0.0 or -0.0.
char* put_canonical_number(char* to, std::string_view number);

}  // namespace credvault::json
