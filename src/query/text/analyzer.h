// Turns text into words and words into terms, that indexes hold and searches compare: lower case, no stop words, stems,
// no diacritics; pairs of ideographs. Text indexes on disk depend on it (analyzer_version). Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "query/text/language.h"
#include "query/text/unicode.h"

namespace credvault::query {

constexpr int analyzer_version = 1;
/// Of a longer word only the beginning counts.
constexpr std::size_t max_word_bytes = 256;

/// A word in a text.
struct Word {
    std::string_view text;
    std::size_t begin = 0;  ///< Its place; `text` may be cut.
    std::size_t end = 0;
};

/// Which differences between words count.
struct Sensitivity {
    bool letter_case = false;
    bool diacritics = false;

    bool any() const { return letter_case || diacritics; }
};

/// Finds the words of a text, one after another.
class Words {
public:
    Words(std::string_view text, const Language& language)
        : text_(text), keeps_apostrophes_(language.keeps_apostrophes()) {}

    /// False at the end. Two neighbouring ideographs are a word, and so is one that stands alone.
    bool next(Word& word);

private:
    bool letters(Word& word, std::size_t begin);
    bool ideographs(Word& word, std::size_t begin);
    CharKind kind_at(std::size_t at, std::size_t& after) const;

    std::string_view text_;
    std::size_t at_ = 0;
    bool in_ideographs_ = false;  ///< The character before is one.
    bool keeps_apostrophes_;
};

class Analyzer {
public:
    explicit Analyzer(const Language& language) : language_(&language) {}

    const Language& language() const { return *language_; }
    /// Sets `term` to the word's term; false where it is a stop word.
    bool term_of(std::string_view word, Sensitivity sensitivity, std::string& term) const;
    /// The word as phrases compare it: not stemmed, and stop words are words.
    static void fold(std::string_view word, Sensitivity sensitivity, std::string& folded);

private:
    const Language* language_;
};

}  // namespace credvault::query
