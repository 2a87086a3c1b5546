// What a text index indexes: which strings of a record, how much those of each field weigh, in which language. A search
// is evaluated on the same strings, so that an index may answer for the record. Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/view.h"
#include "query/key.h"
#include "query/text/analyzer.h"

namespace credvault::query {

class TextSource {
public:
    /// Precondition: an index of type Text with a known language and a weight for each field.
    explicit TextSource(const IndexFields& index);

    const Analyzer& analyzer() const { return analyzer_; }
    /// Calls visit(string_view text, std::uint32_t weight) for each string.
    template <class Visit>
    void each_text(const json::View& record, Visit visit) const;
    /// Whether both index the same.
    friend bool operator==(const TextSource& a, const TextSource& b);
    /// The paths of its fields.
    std::vector<Path> paths() const;
    /// The strings at a path, or all of the record's where it is "$**".
    static std::vector<json::View> strings_at(const json::View& record, const Path& path);

private:
    struct Field {
        Path path;
        std::uint32_t weight;
        bool all = false;  ///< Every string of the record: "$**".
    };
    using Strings = std::vector<json::View>;
    static void append_all(const json::View& value, Strings& out);
    static void append_record(const json::View& record, Strings& out);
    static void append_path(const json::View& record, const Path& path, Strings& out);

    std::vector<Field> fields_;
    Analyzer analyzer_;
};

template <class Visit>
void TextSource::each_text(const json::View& record, Visit visit) const {
    std::string scratch;
    Strings strings;
    for (const Field& field : fields_) {
        strings.clear();
        if (field.all) {
            append_record(record, strings);
        } else {
            append_path(record, field.path, strings);
        }
        for (const json::View& each : strings) visit(each.decoded(scratch), field.weight);
    }
}

constexpr std::string_view all_strings = "$**";
constexpr std::uint32_t max_text_weight = 1'000;
constexpr std::size_t max_index_terms = 50'000;  ///< Of one record in one index.

/// One term of a record: as often as it stands there, each time with the weight of its field.
struct TermCount {
    std::string term;
    std::uint32_t weight = 0;
};
struct RecordTerms {
    std::vector<TermCount> terms;  ///< Sorted, each once.
    std::uint32_t length = 0;      ///< The sum of their weights.
};
RecordTerms terms_of(const json::View& record, const TextSource& source);

/// What an entry of a text index says beyond its term: how much the term weighs in its record, and the record's length.
/// Both count up to a bound, here as well as where a record is looked at.
struct TextPayload {
    std::uint32_t weight = 0;
    std::uint32_t length = 0;

    static constexpr int length_bits = 24;
    static constexpr std::uint32_t max_length = (1U << length_bits) - 1;
    static constexpr std::uint32_t max_weight = (1U << 30) - 1;

    std::int64_t packed() const { return std::int64_t{weight} << length_bits | length; }
    static TextPayload unpacked(std::int64_t packed) {
        return {static_cast<std::uint32_t>(packed >> length_bits),
                static_cast<std::uint32_t>(packed) & max_length};
    }
};

/// Appends the bytes that begin the keys of a term's entries, and those of each term that begins so.
void append_term(std::string& out, std::string_view term);
void append_term_prefix(std::string& out, std::string_view prefix);

}  // namespace credvault::query
