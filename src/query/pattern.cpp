#include "query/pattern.h"

#include <re2/re2.h>

#include <utility>
#include <vector>

#include "query/pattern_syntax.h"

namespace credvault::query {
namespace {

/// RE2 refuses a pattern whose program does not fit a share of this, and drops its caches when they reach it.
std::int64_t memory_limit(std::string_view pattern) {
    constexpr std::int64_t base = 2 << 20;
    constexpr std::int64_t each_byte = 256;
    return base + each_byte * static_cast<std::int64_t>(pattern.size());
}

Result<PatternFlags> parse_options(std::string_view options) {
    PatternFlags flags;
    for (const char option : options) {
        switch (option) {
            case 'i': flags.ignore_case = true; break;
            case 'm': flags.multiline = true; break;
            case 's': flags.dot_matches_newline = true; break;
            case 'x': flags.extended = true; break;
            case 'u': break;
            default:
                return Error(
                    ErrorCode::INVALID_FILTER,
                    "Unknown option of a regular expression; known are i, m, s, x and u, for instance \"im\"",
                    "$options");
        }
    }
    return flags;
}

}  // namespace

Pattern::~Pattern() = default;

Result<std::shared_ptr<const Pattern>> Pattern::compile(std::string_view text, std::string_view options,
                                                        PatternGroups groups) {
    if (text.size() > max_pattern_bytes) {
        return Error(ErrorCode::INVALID_FILTER,
                     "A regular expression may have at most " + std::to_string(max_pattern_bytes) +
                         " bytes, this one has " + std::to_string(text.size()),
                     "$regex");
    }
    TRY(PatternFlags flags, parse_options(options));
    flags.captures = groups == PatternGroups::Captured;
    TRY(PatternTranslation translated, translate_pattern(text, flags));

    re2::RE2::Options settings;
    settings.set_log_errors(false);
    settings.set_case_sensitive(!flags.ignore_case);
    settings.set_max_mem(memory_limit(translated.text));
    auto compiled = std::make_unique<re2::RE2>(translated.text, settings);
    if (!compiled->ok()) {
        return Error(ErrorCode::INVALID_FILTER, "The regular expression is not valid: " + compiled->error(),
                     "$regex");
    }
    std::shared_ptr<Pattern> pattern(new Pattern());
    pattern->compiled_ = std::move(compiled);
    pattern->prefix_ = std::move(translated.literal_prefix);
    pattern->prefix_only_ = translated.prefix_only;
    return std::shared_ptr<const Pattern>(std::move(pattern));
}

std::size_t Pattern::program_size() const { return static_cast<std::size_t>(compiled_->ProgramSize()); }

std::size_t Pattern::groups() const { return static_cast<std::size_t>(compiled_->NumberOfCapturingGroups()); }

bool Pattern::find(std::string_view text, std::size_t from, std::span<std::string_view> found) const {
    std::vector<re2::StringPiece> pieces(found.size());
    const bool is_found =
        compiled_->Match({text.data(), text.size()}, from, text.size(), re2::RE2::UNANCHORED, pieces.data(),
                         static_cast<int>(pieces.size()));
    for (std::size_t i = 0; is_found && i < pieces.size(); ++i)
        found[i] = {pieces[i].data(), pieces[i].size()};
    return is_found;
}

bool Pattern::matches(std::string_view text) const {
    if (prefix_) {
        if (!text.starts_with(*prefix_)) return false;
        if (prefix_only_) return true;
    }
    return compiled_->Match({text.data(), text.size()}, 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

}  // namespace credvault::query
