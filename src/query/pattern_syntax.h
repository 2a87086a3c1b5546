// From Perl's regular expression syntax (PCRE, which MongoDB uses) to RE2's: the same language where both have it, the
// nearest equivalent where they spell it differently, a clear error where RE2 can't do it. Internal to query/.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace credvault::query {

struct PatternFlags {
    bool ignore_case = false;
    bool multiline = false;
    bool dot_matches_newline = false;
    bool extended = false;
    bool captures = false;  ///< Whether groups keep what they match; that costs time.
};

struct PatternTranslation {
    std::string text;  ///< For RE2, flags written into it (but for ignore_case).
    std::optional<std::string> literal_prefix;
    bool prefix_only = false;
};

/// Fails with INVALID_FILTER; the message names what is wrong and where.
Result<PatternTranslation> translate_pattern(std::string_view pattern, PatternFlags flags);

}  // namespace credvault::query
