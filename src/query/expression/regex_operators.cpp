#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "query/expression/families.h"
#include "query/expression/text_argument.h"
#include "query/expression/utf8.h"
#include "query/pattern.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;
using PatternPtr = std::shared_ptr<const Pattern>;

constexpr std::size_t input_at = 0;
constexpr std::size_t regex_at = 1;
constexpr std::size_t options_at = 2;

/// A pattern that is the same for all records.
struct PreparedPattern final : Prepared {
    explicit PreparedPattern(PatternPtr compiled) : pattern(std::move(compiled)) {}
    PatternPtr pattern;
};

Result<PatternPtr> compile(const Call& call, const Item& regex, const Item& options) {
    const std::string flags = options.is_nullish() ? std::string() : options.string();
    if (flags.find_first_not_of("imsxu") != std::string::npos) {
        return call.wrong("'options' has an unknown letter; known are i, m, s, x and u");
    }
    auto pattern = Pattern::compile(*TextArgument(regex), flags, PatternGroups::Captured);
    if (!pattern.ok()) return call.wrong(pattern.error().message);
    return pattern;
}

/// What a run may cost: where RE2's automaton does not fit its memory, each byte meets each instruction.
std::uint64_t search_steps(std::size_t bytes, const Pattern& pattern) {
    return 1 + bytes / 64 * (1 + pattern.program_size() / 64);
}

/// One search after the other through a text.
class Search {
public:
    Search(const Call& call, PatternPtr pattern, std::string_view text)
        : call_(call), pattern_(std::move(pattern)), text_(text), found_(pattern_->groups() + 1) {}

    /// The next match; false where there is no more.
    Result<bool> next() {
        if (done_) return false;
        // A search may look far beyond the match it finds, or not, so that only the clock says what it cost.
        const std::int64_t began = first_ ? 0 : monotonic_ns();
        const bool found = pattern_->find(text_, from_, found_);
        const std::uint64_t steps = first_ ? search_steps(text_.size(), *pattern_)
                                           : 1 + static_cast<std::uint64_t>(monotonic_ns() - began) / 64;
        TRY_VOID(call_.spend(steps));
        first_ = false;
        if (!found) return false;
        const auto begin = static_cast<std::size_t>(found_[0].data() - text_.data());
        code_points_ += count_code_points(text_.substr(counted_, begin - counted_));
        counted_ = begin;
        from_ = begin + found_[0].size();
        if (found_[0].empty() && from_ < text_.size()) from_ += code_point_bytes(text_, from_);
        done_ = from_ >= text_.size();
        return true;
    }

    /// {match, idx, captures} of the match that was found.
    Result<Item> result() const {
        Item::Array captures;
        std::size_t bytes = found_[0].size() + sizeof(Item::Member) * 3;
        for (std::size_t i = 1; i < found_.size(); ++i) {
            const std::string_view group = found_[i];
            bytes += group.size() + sizeof(Item) + sizeof(std::string);
            captures.push_back(group.data() == nullptr ? Item(nullptr) : Item(std::string(group)));
        }
        TRY_VOID(call_.charge(bytes));
        Item::Object members;
        members.emplace_back("match", Item(std::string(found_[0])));
        members.emplace_back("idx", Item(static_cast<std::int64_t>(code_points_)));
        members.emplace_back("captures", Item(std::move(captures)));
        return call_.object(std::move(members));
    }

private:
    const Call& call_;
    PatternPtr pattern_;
    std::string_view text_;
    std::vector<std::string_view> found_;
    std::size_t from_ = 0;
    std::size_t counted_ = 0;      ///< Bytes that code_points_ stand for.
    std::size_t code_points_ = 0;  ///< Before the match.
    bool first_ = true;
    bool done_ = false;
};

/// The pattern to search for; null where null or missing arguments decide the result.
Result<PatternPtr> pattern_of(const Call& call, Arguments arguments) {
    const Item& input = arguments[input_at];
    const Item& regex = arguments[regex_at];
    const Item& options = arguments[options_at];
    if (!options.is_nullish() && !options.is_string())
        return call.wrong_type("'options' must be a string", options);
    if (!regex.is_nullish() && !regex.is_string()) return call.wrong_type("'regex' must be a string", regex);
    if (!input.is_nullish() && !input.is_string()) return call.wrong_type("'input' must be a string", input);
    if (regex.is_nullish() || input.is_nullish()) return PatternPtr();
    if (const auto* ready = static_cast<const PreparedPattern*>(call.prepared)) return ready->pattern;
    TRY(PatternPtr pattern, compile(call, regex, options));
    TRY_VOID(call.spend(pattern->program_size()));
    return pattern;
}

Result<Item> regex_match(const Call& call, Arguments arguments) {
    TRY(const PatternPtr pattern, pattern_of(call, arguments));
    if (pattern == nullptr) return Item(false);
    const TextArgument text(arguments[input_at]);
    TRY_VOID(call.spend(search_steps(text->size(), *pattern)));
    return Item(pattern->matches(*text));
}

Result<Item> regex_find(const Call& call, Arguments arguments) {
    TRY(PatternPtr pattern, pattern_of(call, arguments));
    if (pattern == nullptr) return Item(nullptr);
    const TextArgument text(arguments[input_at]);
    Search search(call, std::move(pattern), *text);
    TRY(const bool found, search.next());
    if (!found) return Item(nullptr);
    return search.result();
}

Result<Item> regex_find_all(const Call& call, Arguments arguments) {
    TRY(PatternPtr pattern, pattern_of(call, arguments));
    Item::Array matches;
    if (pattern == nullptr) return call.array(std::move(matches));
    const TextArgument text(arguments[input_at]);
    Search search(call, std::move(pattern), *text);
    while (true) {
        TRY(const bool found, search.next());
        if (!found) return call.array(std::move(matches));
        TRY(Item match, search.result());
        matches.push_back(std::move(match));
    }
}

Result<std::shared_ptr<const Prepared>> prepare_pattern(const Call& call,
                                                        std::span<const Item* const> constants) {
    const Item* const regex = constants[regex_at];
    const Item* const options = constants[options_at];
    std::shared_ptr<const Prepared> prepared;
    const bool is_known = regex != nullptr && options != nullptr && regex->is_string() &&
                          (options->is_nullish() || options->is_string());
    if (!is_known) return prepared;
    TRY(PatternPtr pattern, compile(call, *regex, *options));
    prepared = std::make_shared<const PreparedPattern>(std::move(pattern));
    return prepared;
}

constexpr Operator table[] = {
    {.name = "$regexFind",
     .apply = regex_find,
     .required = "input regex",
     .optional = "options",
     .prepare = prepare_pattern},
    {.name = "$regexFindAll",
     .apply = regex_find_all,
     .required = "input regex",
     .optional = "options",
     .prepare = prepare_pattern},
    {.name = "$regexMatch",
     .apply = regex_match,
     .required = "input regex",
     .optional = "options",
     .prepare = prepare_pattern},
};

}  // namespace

std::span<const Operator> regex_operators() { return table; }

}  // namespace credvault::query
