#include "query/text/text_query.h"

#include <algorithm>
#include <utility>

namespace credvault::query {
namespace {

bool is_term(const SearchTerm& wanted, std::string_view term) {
    return wanted.prefix ? term.starts_with(wanted.text) : term == wanted.text;
}

bool is_sensitive_term(const SearchTerm& wanted, std::string_view term) {
    return wanted.prefix ? term.starts_with(wanted.sensitive) : term == wanted.sensitive;
}

}  // namespace

void TextQuery::Phrase::prepare() {
    fallbacks.assign(words.size(), 0);
    std::size_t found = 0;
    for (std::size_t i = 1; i < words.size(); ++i) {
        while (found > 0 && words[i] != words[found]) found = fallbacks[found - 1];
        if (words[i] == words[found]) ++found;
        fallbacks[i] = found;
    }
}

bool TextQuery::Phrase::advance(std::size_t& found, std::string_view word) const {
    while (found > 0 && words[found] != word) found = fallbacks[found - 1];
    if (words[found] == word) ++found;
    if (found < words.size()) return false;
    found = fallbacks[found - 1];
    return true;
}

/// Looks through one record: which terms it has, and which phrases.
class TextMatch {
public:
    explicit TextMatch(const TextQuery& query)
        : query_(query),
          folds_(!query.phrases_.empty() || !query.excluded_phrases_.empty()),
          has_phrase_(query.phrases_.size()),
          found_(query.phrases_.size() + query.excluded_phrases_.size()),
          has_term_(query.terms_.size()) {}

    bool run(const json::View& record) {
        query_.source_->each_text(record, [this](std::string_view text, std::uint32_t) {
            if (!refused_) read(text);
        });
        if (refused_ || !has_any_term_) return false;
        for (std::size_t i = 0; i < has_term_.size(); ++i) {
            if (query_.terms_[i].required && !has_term_[i]) return false;
        }
        return std::ranges::all_of(has_phrase_, [](bool each) { return each; });
    }

private:
    void read(std::string_view text) {
        const Analyzer& analyzer = query_.source_->analyzer();
        std::ranges::fill(found_, 0);
        Words words(text, analyzer.language());
        for (Word word; words.next(word);) {
            if (folds_) follow_phrases(word.text);
            if (analyzer.term_of(word.text, {}, term_)) note(word.text);
            if (refused_) return;
        }
    }

    void follow_phrases(std::string_view word) {
        Analyzer::fold(word, query_.sensitivity_, folded_);
        for (std::size_t i = 0; i < has_phrase_.size(); ++i) {
            if (!has_phrase_[i]) has_phrase_[i] = query_.phrases_[i].advance(found_[i], folded_);
        }
        for (std::size_t i = 0; i < query_.excluded_phrases_.size(); ++i) {
            refused_ |= query_.excluded_phrases_[i].advance(found_[has_phrase_.size() + i], folded_);
        }
    }

    void note(std::string_view word) {
        for (std::size_t i = 0; i < has_term_.size(); ++i) {
            if (has_term_[i] || !is(query_.terms_[i], word)) continue;
            has_term_[i] = has_any_term_ = true;
        }
        refused_ |=
            std::ranges::any_of(query_.excluded_, [&](const SearchTerm& each) { return is(each, word); });
    }

    bool is(const SearchTerm& wanted, std::string_view word) {
        if (!is_term(wanted, term_)) return false;
        if (!query_.sensitivity_.any()) return true;
        query_.source_->analyzer().term_of(word, query_.sensitivity_, sensitive_);
        return is_sensitive_term(wanted, sensitive_);
    }

    const TextQuery& query_;
    const bool folds_;
    std::vector<bool> has_phrase_;
    std::vector<std::size_t> found_;  ///< Of each phrase, then of each excluded one: words found last.
    std::vector<bool> has_term_;
    bool has_any_term_ = false;
    bool refused_ = false;
    std::string folded_;
    std::string term_;
    std::string sensitive_;
};

bool TextQuery::matches(const json::View& record) const {
    return !terms_.empty() && TextMatch(*this).run(record);
}

bool TextQuery::is_hit(std::string_view word, std::string& scratch) const {
    if (!source_->analyzer().term_of(word, {}, scratch)) return false;
    return std::ranges::any_of(terms_, [&](const SearchTerm& each) { return is_term(each, scratch); });
}

TermHits TextQuery::hits_in(const json::View& record) const {
    const RecordTerms record_terms = terms_of(record, *source_);
    TermHits found;
    found.length = record_terms.length;
    found.hits.resize(terms_.size());
    for (std::size_t i = 0; i < terms_.size(); ++i) {
        TermHits::Hit& hit = found.hits[i];
        auto term = std::ranges::lower_bound(record_terms.terms, terms_[i].text, {}, &TermCount::term);
        for (; term != record_terms.terms.end() && is_term(terms_[i], term->term); ++term) {
            hit.weight = std::min(hit.weight + term->weight, TextPayload::max_weight);
            ++hit.terms;
        }
    }
    return found;
}

/// Reads a search text.
class SearchParser {
public:
    SearchParser(TextQuery& query, const Language& language) : query_(query), analyzer_(language) {}

    Status parse(std::string_view search) {
        while (at_ < search.size()) {
            const char c = search[at_];
            const bool excludes = c == '-' && (at_ == 0 || is_space(search[at_ - 1]));
            if (c == '"') {
                phrase(search);
            } else if (excludes || is_space(c)) {
                ++at_;
            } else {
                words(search);
            }
            excludes_ = excludes;
            const std::size_t size = query_.terms_.size() + query_.excluded_.size() + query_.phrases_.size() +
                                     query_.excluded_phrases_.size();
            if (size > max_search_terms) {
                return Error(ErrorCode::INVALID_FILTER, "A search may have at most " +
                                                            std::to_string(max_search_terms) +
                                                            " different words and phrases");
            }
        }
        return {};
    }

private:
    static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

    /// What stands between here and the next space or quote: often one word, but "e-mail" is two.
    void words(std::string_view search) {
        const std::size_t begin = at_;
        while (at_ < search.size() && !is_space(search[at_]) && search[at_] != '"') ++at_;
        const std::string_view text = search.substr(begin, at_ - begin);
        Words words(text, analyzer_.language());
        for (Word word; words.next(word);) {
            const bool prefix = word.end < text.size() && text[word.end] == '*';
            add_term(excludes_ ? query_.excluded_ : query_.terms_, word.text, prefix, false);
        }
    }

    void phrase(std::string_view search) {
        const std::size_t begin = ++at_;
        while (at_ < search.size() && search[at_] != '"') ++at_;
        const std::string_view text = search.substr(begin, at_ - begin);
        if (at_ < search.size()) ++at_;
        TextQuery::Phrase phrase;
        Words words(text, query_.source_->analyzer().language());
        for (Word word; words.next(word);) {
            Analyzer::fold(word.text, query_.sensitivity_, phrase.words.emplace_back());
            if (!excludes_) add_term(query_.terms_, word.text, false, true);
        }
        if (phrase.words.empty()) return;
        phrase.prepare();
        (excludes_ ? query_.excluded_phrases_ : query_.phrases_).push_back(std::move(phrase));
    }

    void add_term(std::vector<SearchTerm>& terms, std::string_view word, bool prefix, bool in_phrase) {
        SearchTerm term;
        term.prefix = prefix;
        if (!analyzer_.term_of(word, {}, term.text)) return;
        analyzer_.term_of(word, query_.sensitivity_, term.sensitive);
        // In another language than the index's a word of the phrase may have another term.
        term.required = in_phrase && &analyzer_.language() == &query_.source_->analyzer().language();
        const auto same = std::ranges::find_if(terms, [&](const SearchTerm& each) {
            return each.prefix == term.prefix && each.text == term.text && each.sensitive == term.sensitive;
        });
        if (same == terms.end()) {
            terms.push_back(std::move(term));
        } else {
            same->required |= term.required;
        }
    }

    TextQuery& query_;
    Analyzer analyzer_;
    std::size_t at_ = 0;
    bool excludes_ = false;
};

Result<std::shared_ptr<const TextQuery>> TextQuery::make(std::shared_ptr<const TextSource> source,
                                                         const Request& request) {
    if (request.search.size() > max_search_bytes) {
        return Error(ErrorCode::INVALID_FILTER,
                     "A search may have at most " + std::to_string(max_search_bytes) + " bytes");
    }
    auto query = std::make_shared<TextQuery>();
    query->search_ = request.search;
    query->sensitivity_ = request.sensitivity;
    query->source_ = std::move(source);
    const Language& language =
        request.language != nullptr ? *request.language : query->source_->analyzer().language();
    TRY_VOID(SearchParser(*query, language).parse(request.search));
    return std::shared_ptr<const TextQuery>(std::move(query));
}

}  // namespace credvault::query
