#include "documents/index_advice.h"

#include <utility>

#include "base/clock.h"
#include "documents/collections.h"
#include "json/writer.h"
#include "query/sort.h"

namespace credvault::documents {
namespace {

std::string advice_text(const storage::IndexAdvice& advice, const storage::IndexSpec& index) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("name").string(index.name);
    out.key("fields").begin_array();
    for (const query::SortKey& key : index.keys.fields)
        out.string((key.descending ? "-" : "") + key.path.text);
    out.end_array();
    out.key("type").string(type_name(index.keys.type));
    out.key("filter").string(advice.filter);
    out.key("queries").number(static_cast<std::int64_t>(advice.queries));
    out.key("examined").number(static_cast<std::int64_t>(advice.examined));
    out.key("returned").number(static_cast<std::int64_t>(advice.returned));
    out.key("elapsed_ms").number(static_cast<double>(advice.elapsed_ns / 1000) / 1000);
    out.key("last_seen_at").string(format_time(advice.last_ms));
    out.end_object();
    return text;
}

}  // namespace

Reply<Listing> IndexAdvisor::list(Place place, ListQuery query) {
    CO_TRY(const storage::CollectionInfo info,
           co_await engine_.describe_collection(place.database->id, place.collection));
    std::vector<std::string> rows;
    // Filters of others tell of fields and rules that the caller may not know.
    const bool narrowed = place.database->narrows(place.collection);
    for (const storage::IndexAdvice& advice : log_.advice(place.database->stored_id(), place.collection)) {
        if (narrowed) break;
        const IndexRequest request = advised_request(advice.fields);
        // Names that no index can have, such as those with commas, can't be advised.
        const Result<storage::IndexSpec> index = index_spec(request);
        if (index.ok() && !has_index(info, advice.fields)) rows.push_back(advice_text(advice, *index));
    }
    if (query.sort.empty()) {
        CO_TRY(query.sort, query::parse_sort(std::string_view("-elapsed_ms")));
    }
    co_return list_rows(rows, std::move(query));
}

}  // namespace credvault::documents
