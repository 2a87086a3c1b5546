#include "query/text/language.h"

#include <libstemmer.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <unordered_set>

namespace credvault::query {
namespace {

#define CREDVAULT_STOP_WORDS(language, words) constexpr char language##_stop_words[] = words;
#include "query/text/stop_words.def"
#undef CREDVAULT_STOP_WORDS

// The names are libstemmer's.
constexpr Language languages[] = {
    {"none", "none"},
    {"arabic", "ar"},
    {"armenian", "hy"},
    {"basque", "eu"},
    {"catalan", "ca"},
    {"danish", "da", danish_stop_words},
    {"dutch", "nl", dutch_stop_words},
    {"english", "en", english_stop_words},
    {"finnish", "fi"},
    {"french", "fr", french_stop_words},
    {"german", "de", german_stop_words},
    {"greek", "el"},
    {"hindi", "hi"},
    {"hungarian", "hu"},
    {"indonesian", "id"},
    {"irish", "ga"},
    {"italian", "it", italian_stop_words},
    {"lithuanian", "lt"},
    {"nepali", "ne"},
    {"norwegian", "nb", norwegian_stop_words},
    {"portuguese", "pt", portuguese_stop_words},
    {"romanian", "ro"},
    {"russian", "ru", russian_stop_words},
    {"serbian", "sr"},
    {"spanish", "es", spanish_stop_words},
    {"swedish", "sv", swedish_stop_words},
    {"tamil", "ta"},
    {"turkish", "tr"},
    {"yiddish", "yi"},
};
constexpr std::size_t count = std::size(languages);

std::size_t place_of(const Language& language) { return static_cast<std::size_t>(&language - languages); }

using StopWords = std::unordered_set<std::string_view>;

std::unique_ptr<StopWords[]> read_stop_words(const char* const (&lists)[count]) {
    auto sets = std::make_unique<StopWords[]>(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::string_view rest(lists[i]);
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find(' '), rest.size());
            sets[i].insert(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return sets;
}

struct StemmerDeleter {
    void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};
using Stemmer = std::unique_ptr<sb_stemmer, StemmerDeleter>;

/// A stemmer has a buffer of its own, so that each thread needs one. Null for "none".
sb_stemmer* stemmer_of(const Language& language) {
    thread_local Stemmer stemmers[count];
    const std::size_t place = place_of(language);
    if (place == 0) return nullptr;
    Stemmer& stemmer = stemmers[place];
    if (!stemmer) stemmer.reset(sb_stemmer_new(std::string(language.name()).c_str(), "UTF_8"));
    return stemmer.get();
}

}  // namespace

const Language* Language::find(std::string_view name) {
    std::string lower(name);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    const auto* const found = std::ranges::find_if(
        languages, [&](const Language& each) { return each.name_ == lower || each.code_ == lower; });
    return found == std::end(languages) ? nullptr : found;
}

std::string Language::names() {
    std::string text;
    for (const Language& each : languages) text += (text.empty() ? "" : ", ") + std::string(each.name_);
    return text;
}

bool Language::is_stop_word(std::string_view word) const {
    static const std::unique_ptr<StopWords[]> all = [] {
        const char* lists[count];
        for (std::size_t i = 0; i < count; ++i) lists[i] = languages[i].stop_words_;
        return read_stop_words(lists);
    }();
    return all[place_of(*this)].contains(word);
}

void Language::stem(std::string& word) const {
    sb_stemmer* const stemmer = stemmer_of(*this);
    if (stemmer == nullptr) return;
    const auto* const text = reinterpret_cast<const sb_symbol*>(word.data());
    const sb_symbol* const stem = sb_stemmer_stem(stemmer, text, static_cast<int>(word.size()));
    // Null where there was no memory: the word stays as it is.
    if (stem == nullptr) return;
    const auto length = static_cast<std::size_t>(sb_stemmer_length(stemmer));
    if (length > 0) word.assign(reinterpret_cast<const char*>(stem), length);
}

}  // namespace credvault::query
