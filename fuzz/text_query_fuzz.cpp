// A line of search, then a record: the search is refused or answered alike by the evaluator and by the entries that an
// index would have; a score is a number, and highlights are JSON.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "json/canonical.h"
#include "json/writer.h"
#include "query/filter.h"
#include "query/key.h"
#include "query/text/highlight.h"
#include "query/text/text_ranking.h"

namespace {

using namespace credvault;

void require(bool holds) {
    if (!holds) std::abort();
}

query::IndexFields all_strings_in(const char* language) {
    query::IndexFields index;
    index.type = query::IndexType::Text;
    index.fields.push_back({*query::parse_path(query::all_strings), false});
    index.weights = {2};
    index.language = language;
    query::prepare(index);
    return index;
}

/// Whether the entries have this term.
bool is_indexed(const query::IndexKeys& keys, const query::SearchTerm& term) {
    std::string begin;
    if (term.prefix) {
        query::append_term_prefix(begin, term.text);
    } else {
        query::append_term(begin, term.text);
    }
    return std::ranges::any_of(keys.entries, [&](const auto& entry) { return entry.key.starts_with(begin); });
}

void check(const query::IndexFields& index, const std::string& filter_text, const json::View& record) {
    const auto filter = query::parse_filter(json::View(filter_text), {}, {}, index.text);
    if (!filter.ok()) return require(filter.error().code == ErrorCode::INVALID_FILTER);
    const query::TextQuery& text = *filter->text();
    const bool found = filter->matches(record);
    const auto keys = query::index_keys(record, index);
    if (!keys.ok()) return;
    require(std::ranges::is_sorted(keys->entries, {}, &query::IndexEntry::key));
    const auto indexed = [&](const query::SearchTerm& term) { return is_indexed(*keys, term); };
    const auto satisfied = [&](const query::SearchTerm& term) { return !term.required || indexed(term); };
    const bool candidate =
        std::ranges::any_of(text.terms(), indexed) && std::ranges::all_of(text.terms(), satisfied);
    require(candidate || !found);
    if (text.is_terms_only()) require(candidate == found);
    const double score = query::TextRanking({}).score(text.hits_in(record));
    require(std::isfinite(score) && score >= 0 && (!found || score > 0));
    std::string highlights;
    query::Highlight::parse(json::View("{}"))->append(highlights, record, text);
    require(json::canonicalize(highlights).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const query::IndexFields indexes[] = {all_strings_in("english"), all_strings_in("none"),
                                                 all_strings_in("german")};
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t line = text.find('\n');
    if (line == std::string_view::npos) return 0;
    const auto search = json::canonicalize(text.substr(0, line));
    const auto record = json::canonicalize(text.substr(line + 1));
    if (!search.ok() || !record.ok() || !json::View(*record).is_object()) return 0;
    const std::string filter = R"({"$text":)" + *search + "}";
    for (const query::IndexFields& index : indexes) check(index, filter, json::View(*record));
    return 0;
}
