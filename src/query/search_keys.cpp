#include "query/search_keys.h"

#include <algorithm>
#include <utility>

#include "query/geo/cells.h"
#include "query/text/text_source.h"

namespace credvault::query {
namespace {

std::string id_key_of(const json::View& record) {
    const std::optional<json::View> id = record.find("id");
    std::string scratch;
    std::string key;
    append_id_key(key, id && id->is_string() ? id->decoded(scratch) : std::string_view(), false);
    return key;
}

Error too_many(const Path& path, std::string_view what, std::size_t most) {
    const std::string field = shown_name(path.text);
    return Error(ErrorCode::INVALID_RECORD,
                 "The record has too many different " + std::string(what) + " for the index on '" + field +
                     "': at most " + std::to_string(most) + " are allowed",
                 field);
}

}  // namespace

void prepare(IndexFields& index) {
    if (index.type == IndexType::Text) index.text = std::make_shared<const TextSource>(index);
}

Result<IndexKeys> text_keys(const json::View& record, const IndexFields& index) {
    const RecordTerms found =
        index.text ? terms_of(record, *index.text) : terms_of(record, TextSource(index));
    if (found.terms.size() > max_index_terms) {
        return too_many(index.fields[0].path, "words", max_index_terms);
    }
    IndexKeys keys;
    keys.entries.reserve(found.terms.size());
    const std::string id = id_key_of(record);
    for (const TermCount& each : found.terms) {
        IndexEntry& entry = keys.entries.emplace_back();
        entry.key.reserve(each.term.size() + 1 + id.size());
        append_term(entry.key, each.term);
        entry.key += id;
        entry.payload = TextPayload{each.weight, found.length}.packed();
    }
    return keys;
}

Result<IndexKeys> geo_keys(const json::View& record, const IndexFields& index) {
    const Path& path = index.fields[0].path;
    std::vector<std::uint64_t> cells;
    const std::optional<json::View> first = record.find(path.parts[0].escaped);
    const bool overflows = each_point(first ? &*first : nullptr, path.parts, [&](const GeoPoint& point) {
        cells.push_back(cell_of(point));
        return cells.size() > max_index_entries;
    });
    if (overflows) return too_many(path, "points", max_index_entries);
    std::ranges::sort(cells);
    const auto [begin, end] = std::ranges::unique(cells);
    cells.erase(begin, end);
    IndexKeys keys;
    keys.multikey = cells.size() > 1;
    keys.multikey_fields = keys.multikey ? 1 : 0;
    const std::string id = id_key_of(record);
    for (const std::uint64_t cell : cells) {
        IndexEntry& entry = keys.entries.emplace_back();
        append_cell(entry.key, cell);
        entry.key += id;
        entry.least = cell == cells.front();
        entry.greatest = cell == cells.back();
    }
    return keys;
}

}  // namespace credvault::query
