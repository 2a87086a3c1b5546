// What {$text: {$search: …}} asks for, with MongoDB's meaning: a record matches if it has one of the terms, has all
// phrases, and has nothing that is excluded. Words in quotes are a phrase (these words in this order), a minus sign
// excludes, an asterisk behind a word takes it as the beginning of a term. Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/view.h"
#include "query/text/text_source.h"

namespace credvault::query {

struct SearchTerm {
    std::string text;       ///< As entries of indexes have it.
    std::string sensitive;  ///< By the search's own sensitivity.
    bool prefix = false;
    bool required = false;  ///< It stands in a phrase, so that no match lacks it.

    friend bool operator==(const SearchTerm&, const SearchTerm&) = default;
};

/// What one record has of a search's terms.
struct TermHits {
    struct Hit {
        std::uint32_t weight = 0;  ///< As TextPayload has it, of all terms that a prefix begins.
        std::uint32_t terms = 0;   ///< Different ones: 0 or 1, but for a prefix.
    };
    std::vector<Hit> hits;     ///< One for each term.
    std::uint32_t length = 0;  ///< Of the record (RecordTerms).
};

constexpr std::size_t max_search_terms = 100;
constexpr std::size_t max_search_bytes = 8192;

class TextQuery {
public:
    struct Request {
        std::string search;
        const Language* language = nullptr;  ///< Null: the index's.
        Sensitivity sensitivity;
    };
    /// Fails with INVALID_FILTER where the search is too large.
    static Result<std::shared_ptr<const TextQuery>> make(std::shared_ptr<const TextSource> source,
                                                         const Request& request);

    bool matches(const json::View& record) const;
    /// Whether a record that has one of the terms, and all that are required, matches.
    bool is_terms_only() const {
        return phrases_.empty() && excluded_.empty() && excluded_phrases_.empty() && !sensitivity_.any();
    }
    /// At most 64 of them are required. Without terms nothing matches.
    const std::vector<SearchTerm>& terms() const { return terms_; }
    const TextSource& source() const { return *source_; }
    const std::string& search() const { return search_; }

    /// For ranking.
    TermHits hits_in(const json::View& record) const;
    /// Calls visit(begin, end) for each word of the text that is one of the terms, in order.
    template <class Visit>
    void each_hit(std::string_view text, Visit visit) const;

private:
    friend class SearchParser;
    friend class TextMatch;
    struct Phrase {
        std::vector<std::string> words;  ///< Folded.
        /// For each number of words found, less one: how many of them begin the phrase anew where the next is another
        /// (Knuth, Morris and Pratt).
        std::vector<std::size_t> fallbacks;

        void prepare();
        /// Takes one more word of a text; `found` is how many words of the phrase were found at its end. True at the
        /// last one.
        bool advance(std::size_t& found, std::string_view word) const;
    };

    bool is_hit(std::string_view word, std::string& scratch) const;

    std::shared_ptr<const TextSource> source_;
    std::string search_;
    Sensitivity sensitivity_;
    std::vector<SearchTerm> terms_;
    std::vector<SearchTerm> excluded_;
    std::vector<Phrase> phrases_;
    std::vector<Phrase> excluded_phrases_;
};

template <class Visit>
void TextQuery::each_hit(std::string_view text, Visit visit) const {
    std::string scratch;
    Words words(text, source_->analyzer().language());
    for (Word word; words.next(word);) {
        if (is_hit(word.text, scratch)) visit(word.begin, word.end);
    }
}

}  // namespace credvault::query
