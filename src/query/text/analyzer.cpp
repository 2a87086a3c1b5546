#include "query/text/analyzer.h"

namespace credvault::query {
namespace {

constexpr char32_t apostrophe = 0x27;
constexpr char32_t curly_apostrophe = 0x2019;

bool is_apostrophe(char32_t c) { return c == apostrophe || c == curly_apostrophe; }

std::string_view cut(std::string_view word) {
    if (word.size() <= max_word_bytes) return word;
    std::size_t end = max_word_bytes;
    while ((static_cast<unsigned char>(word[end]) & 0xc0) == 0x80) --end;
    return word.substr(0, end);
}

void append_lower(std::string& out, std::string_view word, bool keep_case) {
    for (std::size_t at = 0; at < word.size();) {
        const char32_t c = next_char(word, at);
        append_char(out, is_apostrophe(c) ? apostrophe : keep_case ? c : lower_case(c));
    }
}

bool is_ascii(std::string_view text) {
    unsigned char all = 0;
    for (const char c : text) all |= static_cast<unsigned char>(c);
    return all < 0x80;
}

void remove_diacritics(std::string& word) {
    if (is_ascii(word)) return;
    std::string plain;
    for (std::size_t at = 0; at < word.size();) {
        const char32_t c = base_letter(next_char(word, at));
        if (c != 0) append_char(plain, c);
    }
    // Diacritics alone stay what they are, so that no term is empty.
    if (!plain.empty()) word = std::move(plain);
}

}  // namespace

CharKind Words::kind_at(std::size_t at, std::size_t& after) const {
    after = at;
    return kind_of(next_char(text_, after));
}

bool Words::next(Word& word) {
    while (at_ < text_.size()) {
        const std::size_t begin = at_;
        switch (kind_at(begin, at_)) {
            case CharKind::Other: in_ideographs_ = false; break;
            case CharKind::Word: in_ideographs_ = false; return letters(word, begin);
            case CharKind::Ideograph:
                if (ideographs(word, begin)) return true;
        }
    }
    return false;
}

bool Words::letters(Word& word, std::size_t begin) {
    while (at_ < text_.size()) {
        std::size_t after = at_;
        const char32_t c = next_char(text_, after);
        if (keeps_apostrophes_ && is_apostrophe(c) && after < text_.size()) {
            std::size_t behind = after;
            if (kind_at(after, behind) != CharKind::Word) break;
            at_ = behind;
        } else if (kind_of(c) == CharKind::Word) {
            at_ = after;
        } else {
            break;
        }
    }
    word = {cut(text_.substr(begin, at_ - begin)), begin, at_};
    return true;
}

/// The pair that begins here, or the character where it is alone. False for the last one of several.
bool Words::ideographs(Word& word, std::size_t begin) {
    std::size_t end = at_;
    const bool pair = at_ < text_.size() && kind_at(at_, end) == CharKind::Ideograph;
    if (!pair) end = at_;
    const bool last_of_several = in_ideographs_ && !pair;
    in_ideographs_ = true;
    word = {text_.substr(begin, end - begin), begin, end};
    return !last_of_several;
}

bool Analyzer::term_of(std::string_view word, Sensitivity sensitivity, std::string& term) const {
    term.clear();
    append_lower(term, word, false);
    if (language_->is_stop_word(term)) return false;
    if (sensitivity.letter_case) {
        term.clear();
        append_lower(term, word, true);
    }
    // Most stemmers know their language's diacritics. The others would keep "résumé" and "resume" apart.
    const bool strips_first = !sensitivity.diacritics && !language_->has_diacritics();
    if (strips_first) remove_diacritics(term);
    language_->stem(term);
    if (!sensitivity.diacritics && !strips_first) remove_diacritics(term);
    return true;
}

void Analyzer::fold(std::string_view word, Sensitivity sensitivity, std::string& folded) {
    folded.clear();
    append_lower(folded, word, sensitivity.letter_case);
    if (!sensitivity.diacritics) remove_diacritics(folded);
}

}  // namespace credvault::query
