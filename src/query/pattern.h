// A compiled regular expression. Patterns are written in the common part of Perl's syntax, as MongoDB's users do, and
// run by RE2 in time linear in the text: what needs backtracking (look-around, back references, possessive and atomic
// groups, recursion) is refused. Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace credvault::query {

constexpr std::size_t max_pattern_bytes = 32'764;  ///< Of one pattern's text.

/// Whether a pattern's groups tell what they matched (Pattern::find).
enum class PatternGroups : std::uint8_t { Ignored, Captured };

class Pattern {
public:
    /// `options` are any of `i` (ignore case), `m` (^ and $ at every line), `s` (dot matches newlines), `x` (white
    /// space and # comments don't count) and `u` (no meaning). Fails with INVALID_FILTER, `field` being "$regex" or
    /// "$options".
    static Result<std::shared_ptr<const Pattern>> compile(std::string_view text, std::string_view options,
                                                          PatternGroups groups = PatternGroups::Ignored);
    ~Pattern();
    Pattern(const Pattern&) = delete;
    Pattern& operator=(const Pattern&) = delete;

    /// Whether the pattern matches anywhere in the string (decoded).
    bool matches(std::string_view text) const;
    /// Finds the first match at or behind `from` (bytes); what stands before it still counts for `^` and `\b`. `found`
    /// receives the match, then what each group captured: views into the text, without data where a group took no
    /// part. Precondition: from <= text.size().
    bool find(std::string_view text, std::size_t from, std::span<std::string_view> found) const;
    /// How many groups capture.
    std::size_t groups() const;
    /// What every matching string begins with, case and all, for a pattern like "^abc"; nothing where there is no such.
    const std::optional<std::string>& literal_prefix() const { return prefix_; }
    /// Whether every string that begins with literal_prefix() matches.
    bool is_prefix_only() const { return prefix_only_; }
    /// How large the compiled program is, in instructions.
    std::size_t program_size() const;

private:
    Pattern() = default;

    std::unique_ptr<const re2::RE2> compiled_;
    std::optional<std::string> prefix_;
    bool prefix_only_ = false;
};

}  // namespace credvault::query
