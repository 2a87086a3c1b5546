#include "query/text/text_source.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "query/key_bytes.h"
#include "query/path_walk.h"

namespace credvault::query {
namespace {

bool is_platform_field(std::string_view name) {
    return name == "id" || name == "created_at" || name == "updated_at";
}

std::uint32_t bounded_sum(std::uint32_t a, std::uint32_t b, std::uint32_t most) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(std::uint64_t{a} + b, most));
}

}  // namespace

TextSource::TextSource(const IndexFields& index) : analyzer_(*Language::find(index.language)) {
    for (std::size_t i = 0; i < index.fields.size(); ++i) {
        const Path& path = index.fields[i].path;
        fields_.push_back({path, index.weights[i], path.text == all_strings});
    }
}

bool operator==(const TextSource& a, const TextSource& b) {
    const auto same = [](const TextSource::Field& x, const TextSource::Field& y) {
        return x.path == y.path && x.weight == y.weight;
    };
    return &a.analyzer_.language() == &b.analyzer_.language() &&
           std::ranges::equal(a.fields_, b.fields_, same);
}

void TextSource::append_path(const json::View& record, const Path& path, Strings& out) {
    const std::optional<json::View> first = record.find(path.parts[0].escaped);
    if (!first) return;
    const auto visit = [&out](const json::View* value, Position) {
        if (value != nullptr && value->is_string()) out.push_back(*value);
        return false;
    };
    PathWalk(path.parts, LeafArrays::Elements, visit).from(&*first);
}

std::vector<Path> TextSource::paths() const {
    std::vector<Path> paths;
    for (const Field& field : fields_) paths.push_back(field.path);
    return paths;
}

std::vector<json::View> TextSource::strings_at(const json::View& record, const Path& path) {
    Strings strings;
    if (path.text == all_strings) {
        append_record(record, strings);
    } else {
        append_path(record, path, strings);
    }
    return strings;
}

/// Recursion is bounded by a record's depth.
void TextSource::append_all(const json::View& value, Strings& out) {
    if (value.is_string()) out.push_back(value);
    if (value.is_array()) {
        for (const json::View element : value.elements()) append_all(element, out);
    } else if (value.is_object()) {
        for (const json::Member& member : value.members()) append_all(member.value, out);
    }
}

void TextSource::append_record(const json::View& record, Strings& out) {
    for (const json::Member& member : record.members()) {
        if (!is_platform_field(member.name)) append_all(member.value, out);
    }
}

namespace {

/// Counts the terms of one record. A short text's are sorted, a long one's hashed, so that it takes no more memory than
/// its vocabulary.
class Vocabulary {
public:
    void add(const std::string& term, std::uint32_t weight) {
        if (counts_.empty() && few_.size() < most_few) {
            few_.push_back({term, weight});
            return;
        }
        for (TermCount& each : few_) count(each.term, each.weight);
        few_.clear();
        count(term, weight);
    }
    /// Whether there are more than an index takes, so that more need not be known.
    bool overflows() const { return counts_.size() > max_index_terms; }

    std::vector<TermCount> take() {
        for (auto& [term, weight] : counts_) few_.push_back({term, weight});
        std::ranges::sort(few_, {}, &TermCount::term);
        std::size_t kept = 0;
        for (std::size_t i = 0; i < few_.size(); ++i) {
            if (kept > 0 && few_[kept - 1].term == few_[i].term) {
                std::uint32_t& weight = few_[kept - 1].weight;
                weight = bounded_sum(weight, few_[i].weight, TextPayload::max_weight);
            } else {
                if (kept != i) few_[kept] = std::move(few_[i]);
                ++kept;
            }
        }
        few_.resize(kept);
        return std::move(few_);
    }

private:
    static constexpr std::size_t most_few = 512;

    void count(const std::string& term, std::uint32_t weight) {
        std::uint32_t& sum = counts_[term];
        sum = bounded_sum(sum, weight, TextPayload::max_weight);
    }

    std::vector<TermCount> few_;
    std::unordered_map<std::string, std::uint32_t> counts_;
};

}  // namespace

RecordTerms terms_of(const json::View& record, const TextSource& source) {
    RecordTerms found;
    Vocabulary vocabulary;
    std::string term;
    source.each_text(record, [&](std::string_view text, std::uint32_t weight) {
        Words words(text, source.analyzer().language());
        for (Word word; !vocabulary.overflows() && words.next(word);) {
            if (!source.analyzer().term_of(word.text, {}, term)) continue;
            vocabulary.add(term, weight);
            found.length = bounded_sum(found.length, weight, TextPayload::max_length);
        }
    });
    found.terms = vocabulary.take();
    return found;
}

void append_term_prefix(std::string& out, std::string_view prefix) { append_key_text(out, prefix); }

void append_term(std::string& out, std::string_view term) {
    append_key_text(out, term);
    out.push_back(string_end);
}

}  // namespace credvault::query
