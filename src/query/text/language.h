// Languages of texts: their stemming (Snowball's, by libstemmer) and the words that are too common to search for. Known
// under MongoDB's names and the codes of ISO 639-1; "none" has neither. Languages live for ever; thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace credvault::query {

class Language {
public:
    /// The language of this name, whatever its case, or null.
    static const Language* find(std::string_view name);
    /// Their names, as in "danish, dutch, …".
    static std::string names();

    /// As in "english".
    std::string_view name() const { return name_; }
    /// Whether an apostrophe between letters belongs to the word: "don't".
    bool keeps_apostrophes() const { return is_english_; }
    /// Whether its own words have diacritics, which its stemmer knows.
    bool has_diacritics() const { return !is_english_; }
    /// Precondition for both: lower case.
    bool is_stop_word(std::string_view word) const;
    /// Replaces a word by its stem.
    void stem(std::string& word) const;

    constexpr Language(std::string_view name, std::string_view code, const char* stop_words = "")
        : name_(name), code_(code), stop_words_(stop_words), is_english_(code == "en") {}

private:
    std::string_view name_;
    std::string_view code_;
    const char* stop_words_;
    bool is_english_;
};

constexpr std::string_view default_language = "english";

}  // namespace credvault::query
