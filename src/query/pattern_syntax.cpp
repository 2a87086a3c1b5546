#include "query/pattern_syntax.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "query/pattern_escape.h"

namespace credvault::query {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// One pattern on its way; translate() is called once.
class PatternTranslator {
public:
    PatternTranslator(std::string_view pattern, PatternFlags flags)
        : scan_{pattern, 0, false}, flags_(flags) {
        prefix_state_ = flags.ignore_case ? PrefixState::Done : PrefixState::Start;
    }

    Result<PatternTranslation> translate() {
        TRY_VOID(verbs());
        while (!scan_.at_end()) TRY_VOID(token());
        if (!groups_.empty()) return scan_.wrong("a closing parenthesis is missing");
        PatternTranslation done;
        done.text = std::move(out_);
        const bool whole = prefix_state_ == PrefixState::Collecting || any_text_follows_;
        if (!alternatives_ && !prefix_.empty()) {
            done.literal_prefix = std::move(prefix_);
            done.prefix_only = whole;
        }
        return done;
    }

private:
    enum class PrefixState : std::uint8_t { Start, Collecting, Done };

    /// Settings at the head of a pattern, as in (*UTF8)(*UCP).
    Status verbs() {
        for (;;) {
            if (scan_.skip("(*UCP)")) {
                scan_.unicode_classes = true;
            } else if (!scan_.skip("(*UTF8)") && !scan_.skip("(*UTF)") && !scan_.skip("(*LF)")) {
                return {};
            }
        }
    }

    Status token() {
        const char c = scan_.peek();
        switch (c) {
            case '\\': return escape();
            case '[': other(); return translate_class(scan_, out_);
            case '(': return open_group();
            case ')': return close_group();
            case '^': return caret();
            case '$': return constant(flags_.multiline ? "(?m:$)" : "(?:\\n?\\z)");
            case '.': return dot();
            case '|': alternatives_ = alternatives_ || groups_.empty(); return constant("|");
            case '*':
            case '+':
            case '?':
            case '{': return repetition();
            default: return plain_character();
        }
    }

    Status plain_character() {
        if (flags_.extended && is_space(scan_.peek())) {
            scan_.take();
        } else if (flags_.extended && scan_.peek() == '#') {
            while (!scan_.at_end() && scan_.take() != '\n') {
            }
        } else {
            literal(scan_.take_character());
        }
        return {};
    }

    /// Ends what is known of the literal prefix: the next token is no single character.
    void other() { prefix_state_ = PrefixState::Done; }

    Status constant(std::string_view text) {
        other();
        scan_.take();
        out_ += text;
        return {};
    }

    void literal(std::string_view character) {
        append_literal(out_, character);
        if (prefix_state_ == PrefixState::Start) other();
        if (prefix_state_ != PrefixState::Collecting) return;
        last_literal_ = prefix_.size();
        prefix_ += character;
    }

    Status caret() {
        scan_.take();
        anchor(!flags_.multiline);
        out_ += flags_.multiline ? "(?m:^)" : "\\A";
        return {};
    }

    void anchor(bool at_start_of_text) {
        const bool first = prefix_state_ == PrefixState::Start && at_start_of_text;
        prefix_state_ = first ? PrefixState::Collecting : PrefixState::Done;
        last_literal_ = 0;
    }

    Status dot() {
        any_text_follows_ = prefix_state_ == PrefixState::Collecting && scan_.rest() == ".*";
        return constant(flags_.dot_matches_newline ? "(?s:.)" : ".");
    }

    Status escape() {
        if (scan_.skip("\\Q")) {
            while (!scan_.at_end() && !scan_.skip("\\E")) literal(scan_.take_character());
            return {};
        }
        if (scan_.skip("\\E")) return {};
        if (scan_.skip("\\A") || scan_.skip("\\G")) {
            anchor(true);
            out_ += "\\A";
            return {};
        }
        if (scan_.unicode_classes && scan_.rest().starts_with("\\b")) return unicode_boundary();
        TRY(const Escape escape, take_escape(scan_, EscapePlace::Outside));
        if (escape.is_literal) {
            literal(escape.text);
        } else {
            other();
            out_ += escape.text;
        }
        return {};
    }

    /// RE2's \b knows ASCII letters only. At either end of a pattern it can be said by what must not stand beside it.
    Status unicode_boundary() {
        constexpr std::string_view not_word = "[^\\p{L}\\p{N}_]";
        const std::string_view after = scan_.rest().substr(2);
        const auto is_word = [](char c) {
            return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        };
        const bool starts = groups_.empty() && (out_.empty() || out_.back() == '|');
        const bool ends = groups_.empty() && (after.empty() || after[0] == '|');
        const bool word_before = !out_.empty() && is_word(scan_.before());
        if (starts && !after.empty() && is_word(after[0])) {
            out_ += "(?:\\A|" + std::string(not_word) + ")";
        } else if (ends && word_before) {
            out_ += "(?:\\z|" + std::string(not_word) + ")";
        } else {
            return scan_.wrong(
                "with (*UCP), \\b is supported at either end of a pattern, beside an ASCII letter");
        }
        other();
        scan_.skip("\\b");
        return {};
    }

    Status open_group() {
        other();
        if (scan_.skip("(?#")) {
            while (!scan_.at_end() && scan_.peek() != ')') scan_.take();
            if (scan_.at_end()) return scan_.wrong("a comment is not closed");
            scan_.take();
            return {};
        }
        if (scan_.rest().starts_with("(*")) return scan_.wrong("verbs such as (*…) are not supported");
        const bool plain = scan_.rest().size() < 2 || scan_.rest()[1] != '?';
        if (plain || scan_.skip("(?:") || scan_.skip("(?|")) {
            if (plain) scan_.take();
            groups_.push_back(flags_);
            out_ += plain && flags_.captures ? "(" : "(?:";
            return {};
        }
        scan_.skip("(?");
        return special_group();
    }

    /// After "(?".
    Status special_group() {
        const std::string_view rest = scan_.rest();
        const auto begins = [rest](std::string_view text) { return rest.starts_with(text); };
        if (begins("=") || begins("!") || begins("<=") || begins("<!")) {
            return scan_.wrong(
                "look-ahead and look-behind are not supported: they can take exponential time");
        }
        if (begins(">")) return scan_.wrong("atomic groups are not supported");
        if (begins("P=")) {
            return scan_.wrong("back references are not supported: they can take exponential time");
        }
        if (begins("<") || begins("P<") || begins("'")) return named_group();
        return group_flags();
    }

    Status named_group() {
        scan_.skip("P");
        const char close = scan_.take() == '<' ? '>' : '\'';
        while (!scan_.at_end() && scan_.peek() != close) scan_.take();
        if (scan_.at_end()) return scan_.wrong("the name of a group is not closed");
        scan_.take();
        groups_.push_back(flags_);
        out_ += flags_.captures ? "(" : "(?:";
        return {};
    }

    /// "(?i-s)" for the rest of the group, "(?i-s:…)" for a group of its own.
    Status group_flags() {
        const PatternFlags outside = flags_;
        bool on = true;
        for (; !scan_.at_end(); scan_.take()) {
            switch (scan_.peek()) {
                case '-': on = false; continue;
                case 'i': flags_.ignore_case = on; continue;
                case 'm': flags_.multiline = on; continue;
                case 's': flags_.dot_matches_newline = on; continue;
                case 'x': flags_.extended = on; continue;
                case 'U':
                case 'J': continue;
                case ':': groups_.push_back(outside); break;
                case ')': break;
                default:
                    return scan_.wrong("recursion, conditions and unknown flags in (?…) are not supported");
            }
            out_ += flags_.ignore_case ? "(?i" : "(?-i";
            out_ += scan_.take();
            return {};
        }
        return scan_.wrong("a closing parenthesis is missing");
    }

    Status close_group() {
        other();
        if (groups_.empty()) return scan_.wrong("a closing parenthesis has no opening one");
        flags_ = groups_.back();
        groups_.pop_back();
        out_ += scan_.take();
        return {};
    }

    Status repetition() {
        const std::size_t length = repetition_length(scan_.rest());
        if (length == 0) {
            literal(scan_.take_character());
            return {};
        }
        const std::string_view operation = scan_.rest().substr(0, length);
        if (prefix_state_ == PrefixState::Collecting && operation != "+") prefix_.resize(last_literal_);
        other();
        out_ += operation;
        scan_.skip(operation);
        if (scan_.skip("+")) return scan_.wrong("possessive quantifiers are not supported");
        if (scan_.skip("?")) out_ += '?';
        return {};
    }

    /// The bytes of the quantifier that stands here; 0 where a brace begins none and is an ordinary character.
    static std::size_t repetition_length(std::string_view text) {
        if (text[0] != '{') return 1;
        std::size_t at = 1;
        while (at < text.size() && is_digit(text[at])) ++at;
        if (at == 1) return 0;
        if (at < text.size() && text[at] == ',') ++at;
        while (at < text.size() && is_digit(text[at])) ++at;
        return at < text.size() && text[at] == '}' ? at + 1 : 0;
    }

    PatternScan scan_;
    PatternFlags flags_;
    std::string out_;
    std::vector<PatternFlags> groups_;  ///< For each open group, the flags outside of it.
    PrefixState prefix_state_;
    std::string prefix_;
    std::size_t last_literal_ = 0;  ///< Where the prefix's last character begins.
    bool alternatives_ = false;
    bool any_text_follows_ = false;
};

}  // namespace

Result<PatternTranslation> translate_pattern(std::string_view pattern, PatternFlags flags) {
    return PatternTranslator(pattern, flags).translate();
}

}  // namespace credvault::query
