#include "query/text/text_source.h"

#include <algorithm>
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

/// Sorts the terms and joins the equal ones.
void join_equal(std::vector<TermCount>& terms) {
    std::ranges::sort(terms, {}, &TermCount::term);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < terms.size(); ++i) {
        if (kept > 0 && terms[kept - 1].term == terms[i].term) {
            std::uint32_t& weight = terms[kept - 1].weight;
            weight = bounded_sum(weight, terms[i].weight, TextPayload::max_weight);
        } else {
            if (kept != i) terms[kept] = std::move(terms[i]);
            ++kept;
        }
    }
    terms.resize(kept);
}

}  // namespace

RecordTerms terms_of(const json::View& record, const TextSource& source) {
    RecordTerms found;
    std::string term;
    // Joined now and then, so that a long text takes no more memory than its vocabulary.
    std::size_t join_at = 2 * max_index_terms;
    source.each_text(record, [&](std::string_view text, std::uint32_t weight) {
        Words words(text, source.analyzer().language());
        for (Word word; words.next(word);) {
            if (!source.analyzer().term_of(word.text, {}, term)) continue;
            found.terms.push_back({term, weight});
            found.length = bounded_sum(found.length, weight, TextPayload::max_length);
            if (found.terms.size() < join_at) continue;
            join_equal(found.terms);
            join_at = found.terms.size() + 2 * max_index_terms;
        }
    });
    join_equal(found.terms);
    return found;
}

void append_term_prefix(std::string& out, std::string_view prefix) { append_key_text(out, prefix); }

void append_term(std::string& out, std::string_view term) {
    append_key_text(out, term);
    out.push_back(string_end);
}

}  // namespace credvault::query
