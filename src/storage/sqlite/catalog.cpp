#include "storage/sqlite/catalog.h"

#include <algorithm>
#include <map>
#include <utility>

#include "json/canonical.h"
#include "json/writer.h"
#include "storage/errors.h"
#include "storage/sqlite/file_format.h"

namespace credvault::storage {
namespace {

// As stored in a definition; value indexes have no type there.
constexpr std::string_view text_type = "text";
constexpr std::string_view geo_type = "geo";

/// What text and geo indexes have beyond their fields. False where it is no such definition.
bool read_type(const json::Value& stored, IndexSpec& spec) {
    const json::Value* const type = stored.find("type");
    if (type == nullptr) return true;
    if (!type->is_string()) return false;
    if (type->as_string() == geo_type) {
        spec.keys.type = query::IndexType::Geo;
        return true;
    }
    const json::Value* const language = stored.find("language");
    const json::Value* const weights = stored.find("weights");
    const bool whole = type->as_string() == text_type && language != nullptr && language->is_string() &&
                       weights != nullptr && weights->is_array();
    if (!whole) return false;
    spec.keys.type = query::IndexType::Text;
    spec.keys.language = language->as_string();
    for (const json::Value& weight : weights->as_array()) {
        if (weight.type() != json::Type::Int) return false;
        spec.keys.weights.push_back(static_cast<std::uint32_t>(weight.as_int()));
    }
    return true;
}

template <class List>
auto lower_bound_of(List& list, std::string_view name) {
    return std::lower_bound(list.begin(), list.end(), name,
                            [](const CollectionRef& a, std::string_view b) { return a->name < b; });
}

IndexState state_of(std::int64_t stored) {
    if (stored == static_cast<std::int64_t>(StoredState::Ready)) return IndexState::Ready;
    return stored == static_cast<std::int64_t>(StoredState::Failed) ? IndexState::Failed
                                                                    : IndexState::Building;
}

query::IndexShape shape_of(const StoredIndex& index) {
    const bool ready = index.state == IndexState::Ready;
    return {index.spec.name, index.spec.keys, index.spec.unique, ready, index.multikey, index.cut};
}

void set_indexes(StoredCollection& collection, std::vector<IndexRef> indexes) {
    std::sort(indexes.begin(), indexes.end(),
              [](const IndexRef& a, const IndexRef& b) { return a->spec.name < b->spec.name; });
    collection.shapes.clear();
    for (const IndexRef& index : indexes) collection.shapes.push_back(shape_of(*index));
    collection.indexes = std::move(indexes);
}

using Numbered = std::map<std::int64_t, std::shared_ptr<Counts>>;
using IndexesOf = std::map<std::int64_t, std::vector<IndexRef>>;

Result<Numbered> load_counts(Connection& connection) {
    Numbered counts;
    Statement rows(connection.raw(), "SELECT number, rows, bytes FROM counts", false);
    int code = SQLITE_ROW;
    while ((code = rows.step()) == SQLITE_ROW) {
        auto one = std::make_shared<Counts>();
        one->rows = rows.integer(1);
        one->bytes = rows.integer(2);
        counts.emplace(rows.integer(0), std::move(one));
    }
    TRY_VOID(connection.check(code, "loading the counts"));
    return counts;
}

Result<std::shared_ptr<Counts>> counts_of(const Numbered& counts, std::int64_t number) {
    const auto found = counts.find(number);
    if (found == counts.end()) return database_damaged("no counts for " + std::to_string(number));
    return found->second;
}

Result<IndexesOf> load_indexes(Connection& connection, const Numbered& counts) {
    IndexesOf indexes;
    Statement rows(
        connection.raw(),
        "SELECT number, collection, name, spec, state, failure, created_ms, multikey, cut, position, last, "
        "done, total FROM indexes WHERE state <> 3",
        false);
    int code = SQLITE_ROW;
    while ((code = rows.step()) == SQLITE_ROW) {
        auto index = std::make_shared<StoredIndex>();
        index->number = rows.integer(0);
        TRY(index->spec, decode_spec(rows.bytes(2), rows.bytes(3)));
        index->state = state_of(rows.integer(4));
        index->failure = rows.bytes(5);
        index->created_ms = rows.integer(6);
        index->multikey = rows.integer(7) != 0;
        index->cut = rows.integer(8) != 0;
        index->position = rows.integer(9);
        index->last = rows.integer(10);
        index->total = rows.integer(12);
        TRY(index->counts, counts_of(counts, index->number));
        index->counts->done = rows.integer(11);
        indexes[rows.integer(1)].push_back(std::move(index));
    }
    TRY_VOID(connection.check(code, "loading the indexes"));
    return indexes;
}

}  // namespace

IndexInfo StoredIndex::info() const {
    IndexInfo info{spec, state, failure, created_ms, 0, 0, 0, multikey, cut};
    info.entries = static_cast<std::uint64_t>(std::max<std::int64_t>(0, counts->rows));
    if (state == IndexState::Building) {
        info.records_done = static_cast<std::uint64_t>(counts->done);
        info.records_total = static_cast<std::uint64_t>(total);
    }
    if (state == IndexState::Failed) info.entries = 0;
    return info;
}

void StoredCollection::set_options(std::string_view text) {
    options = text;
    images = change_images(options);
    rule = std::make_shared<LazyRule>();
}

CollectionInfo StoredCollection::info() const {
    CollectionInfo info{name,
                        options,
                        created_ms,
                        static_cast<std::uint64_t>(counts->rows),
                        static_cast<std::uint64_t>(counts->bytes),
                        {}};
    for (const IndexRef& index : indexes) info.indexes.push_back(index->info());
    return info;
}

const StoredIndex* StoredCollection::find_index(std::string_view index_name) const {
    for (const IndexRef& index : indexes) {
        if (index->spec.name == index_name) return index.get();
    }
    return nullptr;
}

CollectionRef StoredCollection::with_index(IndexRef index) const {
    auto changed = std::make_shared<StoredCollection>(*this);
    std::vector<IndexRef> next;
    for (const IndexRef& old : indexes) {
        if (old->number != index->number) next.push_back(old);
    }
    next.push_back(std::move(index));
    set_indexes(*changed, std::move(next));
    return changed;
}

CollectionRef StoredCollection::without_index(std::int64_t index) const {
    auto changed = std::make_shared<StoredCollection>(*this);
    std::vector<IndexRef> next;
    for (const IndexRef& old : indexes) {
        if (old->number != index) next.push_back(old);
    }
    set_indexes(*changed, std::move(next));
    return changed;
}

CollectionRef Catalog::find(std::string_view name) const {
    const auto at = lower_bound_of(collections_, name);
    return at != collections_.end() && (*at)->name == name ? *at : nullptr;
}

std::shared_ptr<const Catalog> Catalog::with(CollectionRef collection) const {
    auto changed = std::make_shared<Catalog>(*this);
    const auto at = lower_bound_of(changed->collections_, collection->name);
    if (at != changed->collections_.end() && (*at)->name == collection->name) {
        *at = std::move(collection);
    } else {
        changed->collections_.insert(at, std::move(collection));
    }
    return changed;
}

std::shared_ptr<const Catalog> Catalog::without(std::string_view name) const {
    auto changed = std::make_shared<Catalog>(*this);
    const auto at = lower_bound_of(changed->collections_, name);
    if (at != changed->collections_.end() && (*at)->name == name) changed->collections_.erase(at);
    return changed;
}

Stock Catalog::stock() const {
    Stock all;
    for (const CollectionRef& collection : collections_)
        all += {collection->counts->rows, collection->counts->bytes};
    return all;
}

bool Catalog::has_ttl() const {
    for (const CollectionRef& collection : collections_) {
        for (const IndexRef& index : collection->indexes) {
            if (index->spec.ttl_seconds && index->state == IndexState::Ready) return true;
        }
    }
    return false;
}

Result<std::shared_ptr<const Catalog>> Catalog::load(Connection& connection) {
    TRY(const Numbered counts, load_counts(connection));
    TRY(IndexesOf indexes, load_indexes(connection, counts));
    auto catalog = std::make_shared<Catalog>();
    TRY(catalog->change_counts_, counts_of(counts, change_log_number));
    Statement rows(
        connection.raw(),
        "SELECT number, name, options, created_ms FROM collections WHERE dropped = 0 ORDER BY name", false);
    int code = SQLITE_ROW;
    while ((code = rows.step()) == SQLITE_ROW) {
        auto collection = std::make_shared<StoredCollection>();
        collection->number = rows.integer(0);
        collection->name = rows.bytes(1);
        collection->set_options(rows.bytes(2));
        collection->created_ms = rows.integer(3);
        TRY(collection->counts, counts_of(counts, collection->number));
        set_indexes(*collection, std::move(indexes[collection->number]));
        catalog->collections_.push_back(std::move(collection));
    }
    TRY_VOID(connection.check(code, "loading the collections"));
    return std::shared_ptr<const Catalog>(std::move(catalog));
}

std::string encode_spec(const IndexSpec& spec) {
    std::string text;
    json::Writer writer(text);
    writer.begin_object().key("fields").begin_array();
    for (const query::SortKey& key : spec.keys.fields) {
        writer.begin_object().key("path").string(key.path.text);
        writer.key("descending").boolean(key.descending).end_object();
    }
    writer.end_array().key("unique").boolean(spec.unique).key("sparse").boolean(spec.keys.sparse);
    if (spec.ttl_seconds) writer.key("ttl_seconds").number(*spec.ttl_seconds);
    if (spec.keys.type == query::IndexType::Geo) writer.key("type").string(geo_type);
    if (spec.keys.type == query::IndexType::Text) {
        writer.key("type").string(text_type).key("language").string(spec.keys.language);
        writer.key("weights").begin_array();
        for (const std::uint32_t weight : spec.keys.weights) writer.number(std::int64_t{weight});
        writer.end_array();
    }
    writer.end_object();
    return text;
}

Result<IndexSpec> decode_spec(std::string_view name, std::string_view text) {
    const auto parsed = json::parse(text);
    const json::Value* const fields = parsed.ok() ? parsed->find("fields") : nullptr;
    const json::Value* const unique = parsed.ok() ? parsed->find("unique") : nullptr;
    const json::Value* const sparse = parsed.ok() ? parsed->find("sparse") : nullptr;
    const auto damaged = [&] { return database_damaged("the definition of the index " + std::string(name)); };
    if (fields == nullptr || unique == nullptr || sparse == nullptr || !fields->is_array()) return damaged();
    IndexSpec spec;
    spec.name = name;
    spec.unique = unique->type() == json::Type::Bool && unique->as_bool();
    const json::Value* const ttl = parsed->find("ttl_seconds");
    if (ttl != nullptr && ttl->type() != json::Type::Int) return damaged();
    if (ttl != nullptr) spec.ttl_seconds = ttl->as_int();
    spec.keys.sparse = sparse->type() == json::Type::Bool && sparse->as_bool();
    for (const json::Value& field : fields->as_array()) {
        const json::Value* const path = field.find("path");
        const json::Value* const descending = field.find("descending");
        if (path == nullptr || descending == nullptr || !path->is_string()) return damaged();
        TRY(query::Path walked, query::parse_lookup_path(path->as_string()));
        spec.keys.fields.push_back(
            {std::move(walked), descending->type() == json::Type::Bool && descending->as_bool()});
    }
    if (spec.keys.fields.empty() || !read_type(*parsed, spec) || !check_index(spec).ok()) return damaged();
    query::prepare(spec.keys);
    return spec;
}

}  // namespace credvault::storage
