// From text that somebody sent to canonical JSON text: validated whole, UTF-8, no insignificant white space, members in
// the order given, no duplicate names, no U+0000 and no lone surrogates in strings, only needed escapes (\" \\ \b \f
// \n \r \t and \u00xx for other controls), integers within ±2^63 exact and written as such, other numbers as the
// shortest double with its point or exponent: "1.0" and "-0.0" stay, "-0" becomes "-0.0", an integer beyond 2^63
// becomes a double. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/value.h"

namespace credvault::json {

struct ParseLimits {
    std::size_t max_depth = 100;               ///< Nested arrays and objects; the outermost counts as 1.
    std::size_t max_bytes = 32 * 1024 * 1024;  ///< Of the text.
    std::uint64_t first_line = 1;              ///< What messages call the text's first line.
};

/// The canonical form of one JSON value. Fails with MALFORMED_JSON, whose message names line and column (both from 1,
/// columns in bytes) and, where the text is JSON but not acceptable (duplicate name, U+0000, a number that is no
/// finite double, too deep), the JSON pointer as `field`. PAYLOAD_TOO_LARGE beyond max_bytes.
Result<std::string> canonicalize(std::string_view text, const ParseLimits& limits = {});
/// The same, appended to `out`; on failure `out` is as it was.
Status canonicalize_to(std::string& out, std::string_view text, const ParseLimits& limits = {});
/// Whether the text is well-formed UTF-8.
bool is_utf8(std::string_view text);
/// Parses into an owned value; the same rules and errors.
Result<Value> parse(std::string_view text, const ParseLimits& limits = {});

}  // namespace credvault::json
