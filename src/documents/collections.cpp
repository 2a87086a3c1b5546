#include "documents/collections.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "json/writer.h"
#include "query/planner.h"
#include "query/sort.h"
#include "query/text/text_source.h"
#include "storage/errors.h"

namespace credvault::documents {
namespace {

std::int64_t count_of(std::uint64_t n) { return static_cast<std::int64_t>(n); }

std::string_view state_name(storage::IndexState state) {
    switch (state) {
        case storage::IndexState::Building: return "building";
        case storage::IndexState::Ready: return "ready";
        case storage::IndexState::Failed: return "failed";
    }
    return "failed";
}

void append_text_options(json::Writer& out, const query::IndexFields& index) {
    out.key("language").string(index.language);
    out.key("weights").begin_object();
    for (std::size_t i = 0; i < index.fields.size(); ++i)
        out.key(index.fields[i].path.text).number(std::int64_t{index.weights[i]});
    out.end_object();
}

/// What a text index has beyond its fields.
Status read_text_options(const IndexRequest& request, query::IndexFields& index) {
    const bool text = request.type == query::IndexType::Text;
    if (!text && (request.weights || !request.language.empty())) {
        return Error(ErrorCode::INVALID_INDEX, "Only a text index has a language and weights",
                     request.weights ? "weights" : "language");
    }
    if (!text) return {};
    index.language = request.language.empty() ? std::string(query::default_language) : request.language;
    const query::Language* const language = query::Language::find(index.language);
    if (language != nullptr) index.language = language->name();
    index.weights.assign(index.fields.size(), 1);
    if (!request.weights) return {};
    for (const json::Member& member : request.weights->members()) {
        std::string name;
        json::append_decoded(name, member.name);
        const auto field = std::ranges::find_if(
            index.fields, [&](const query::SortKey& each) { return each.path.text == name; });
        const bool fits = member.value.type() == json::Type::Int && member.value.as_int() >= 1 &&
                          member.value.as_int() <= query::max_text_weight;
        if (field == index.fields.end() || !fits) {
            return Error(ErrorCode::INVALID_INDEX,
                         "A weight belongs to one of the fields and is an integer from 1 to " +
                             std::to_string(query::max_text_weight),
                         "weights." + query::shown_name(name));
        }
        index.weights[static_cast<std::size_t>(field - index.fields.begin())] =
            static_cast<std::uint32_t>(member.value.as_int());
    }
    return {};
}

void append_index(json::Writer& out, const storage::IndexInfo& info) {
    out.begin_object();
    out.key("name").string(info.spec.name);
    out.key("fields").begin_array();
    for (const query::SortKey& key : info.spec.keys.fields)
        out.string((key.descending ? "-" : "") + key.path.text);
    out.end_array();
    out.key("unique").boolean(info.spec.unique);
    out.key("sparse").boolean(info.spec.keys.sparse);
    if (info.spec.ttl_seconds) out.key("ttl_seconds").number(*info.spec.ttl_seconds);
    out.key("type").string(type_name(info.spec.keys.type));
    if (info.spec.keys.type == query::IndexType::Text) append_text_options(out, info.spec.keys);
    out.key("status").string(state_name(info.state));
    if (info.state == storage::IndexState::Failed) out.key("failure").string(info.failure);
    if (info.state == storage::IndexState::Building) {
        out.key("progress").begin_object();
        out.key("records_done").number(count_of(info.records_done));
        out.key("records_total").number(count_of(info.records_total));
        out.end_object();
    }
    out.key("entries").number(count_of(info.entries));
    out.key("created_at").string(format_time(info.created_ms));
    out.end_object();
}

/// A name for an index without one: its fields, with what a name can't hold replaced.
std::string default_index_name(const std::vector<std::string>& fields) {
    std::string name = "by";
    for (const std::string& field : fields) {
        name += '_';
        for (const char c : field) {
            const bool plain =
                (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
            name += plain ? c : '_';
        }
    }
    return name.substr(0, 64);
}

const storage::IndexInfo* index_of(const storage::CollectionInfo& info, std::string_view name) {
    for (const storage::IndexInfo& index : info.indexes) {
        if (index.spec.name == name) return &index;
    }
    return nullptr;
}

constexpr std::string_view ttl_index = "ttl";

Status check_options(const CollectionOptions& options) {
    if (options.schema.empty() && options.validation != ValidationMode::Off) {
        return Error(ErrorCode::INVALID_SCHEMA,
                     "Validation needs a schema: {\"mode\": \"error\", \"schema\": {…}}",
                     "validation.schema");
    }
    if (!options.schema.empty())
        TRY_VOID(parse_record_schema(json::View(options.schema), "validation.schema"));
    return {};
}

}  // namespace

Reply<Once<std::string>> Collections::create(DatabaseRef database, std::string name, CollectionChange wanted,
                                             std::string actor,
                                             std::optional<storage::Idempotency> idempotency) {
    CO_TRY_VOID(check_name(name, "name"));
    CO_TRY_VOID(check_options(wanted.options));
    const std::string text = wanted.options.text();
    storage::WriteBatch batch;
    batch.database = database->id;
    batch.actor = actor;
    batch.idempotency = std::move(idempotency);
    batch.operations.push_back(storage::CreateCollection{name, text});
    if (wanted.ttl) batch.operations.push_back(storage::CreateIndex{name, std::move(*wanted.ttl)});
    CO_TRY(storage::WriteOutcome outcome, co_await engine_.write(batch));
    Once<std::string> once{{}, outcome.replayed, std::move(outcome.answer)};
    if (!once.replayed) {
        CO_TRY(once.value, co_await describe(Place(database, name)));
    }
    co_return once;
}

Reply<std::string> Collections::alter(Place place, CollectionChange wanted, std::string actor) {
    CO_TRY_VOID(check_options(wanted.options));
    const std::string text = wanted.options.text();
    storage::WriteBatch batch;
    batch.database = place.database->id;
    batch.actor = actor;
    batch.operations.push_back(storage::AlterCollection{place.collection, text});
    if (wanted.ttl) {
        CO_TRY(const storage::CollectionInfo info,
               co_await engine_.describe_collection(place.database->id, place.collection));
        if (index_of(info, ttl_index) != nullptr)
            batch.operations.push_back(storage::DropIndex{place.collection, ttl_index});
        batch.operations.push_back(storage::CreateIndex{place.collection, std::move(*wanted.ttl)});
    }
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return co_await describe(place);
}

Reply<void> Collections::drop(Place place, std::string actor) {
    storage::WriteBatch batch;
    batch.database = place.database->id;
    batch.actor = actor;
    batch.operations.push_back(storage::DropCollection{place.collection});
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return Status();
}

Reply<std::string> Collections::describe(Place place) {
    CO_TRY(const storage::CollectionInfo info,
           co_await engine_.describe_collection(place.database->id, place.collection));
    co_return collection_text(info);
}

Reply<Listing> Collections::list(DatabaseRef database, ListQuery query) {
    CO_TRY(const std::vector<storage::CollectionInfo> all, co_await engine_.list_collections(database->id));
    std::vector<std::string> rows;
    for (const storage::CollectionInfo& info : all) rows.push_back(collection_text(info));
    co_return list_rows(rows, std::move(query));
}

Reply<CollectionOptions> Collections::options(Place place) {
    CO_TRY(const storage::CollectionInfo info,
           co_await engine_.describe_collection(place.database->id, place.collection));
    co_return CollectionOptions::parse(info.options);
}

Reply<Once<std::string>> Collections::create_index(Place place, storage::IndexSpec spec, std::string actor,
                                                   std::optional<storage::Idempotency> idempotency) {
    const std::string name = spec.name;
    storage::WriteBatch batch;
    batch.database = place.database->id;
    batch.actor = actor;
    batch.idempotency = std::move(idempotency);
    batch.operations.push_back(storage::CreateIndex{place.collection, std::move(spec)});
    CO_TRY(storage::WriteOutcome outcome, co_await engine_.write(batch));
    Once<std::string> once{{}, outcome.replayed, std::move(outcome.answer)};
    if (!once.replayed) {
        CO_TRY(once.value, co_await describe_index(place, name));
    }
    co_return once;
}

Reply<void> Collections::drop_index(Place place, std::string name, std::string actor) {
    storage::WriteBatch batch;
    batch.database = place.database->id;
    batch.actor = actor;
    batch.operations.push_back(storage::DropIndex{place.collection, name});
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return Status();
}

Reply<std::string> Collections::describe_index(Place place, std::string name) {
    CO_TRY(const storage::CollectionInfo info,
           co_await engine_.describe_collection(place.database->id, place.collection));
    const storage::IndexInfo* index = index_of(info, name);
    if (index == nullptr) co_return storage::index_not_found(name);
    co_return index_text(*index);
}

Reply<Listing> Collections::list_indexes(Place place, ListQuery query) {
    CO_TRY(const storage::CollectionInfo info,
           co_await engine_.describe_collection(place.database->id, place.collection));
    std::vector<std::string> rows;
    for (const storage::IndexInfo& index : info.indexes) rows.push_back(index_text(index));
    co_return list_rows(rows, std::move(query));
}

Result<storage::IndexSpec> index_spec(const IndexRequest& request) {
    storage::IndexSpec spec;
    spec.unique = request.unique;
    spec.ttl_seconds = request.ttl_seconds;
    spec.keys.sparse = request.sparse;
    spec.name = request.name.empty() ? default_index_name(request.fields) : request.name;
    TRY_VOID(check_name(spec.name, "name"));
    if (request.fields.empty() || request.fields.size() > 32) {
        return Error(ErrorCode::INVALID_INDEX, "An index has 1 to 32 fields", "fields");
    }
    for (std::size_t i = 0; i < request.fields.size(); ++i) {
        const std::string& field = request.fields[i];
        const bool descending = field.starts_with('-');
        TRY(query::Path path,
            query::parse_path(std::string_view(field).substr(descending ? 1 : 0), ErrorCode::INVALID_INDEX));
        for (const query::SortKey& earlier : spec.keys.fields) {
            if (earlier.path == path) {
                return Error(ErrorCode::INVALID_INDEX, "The field '" + path.text + "' is named twice",
                             "fields." + std::to_string(i));
            }
        }
        spec.keys.fields.push_back({std::move(path), descending});
    }
    spec.keys.type = request.type;
    TRY_VOID(read_text_options(request, spec.keys));
    TRY_VOID(storage::check_index(spec));
    query::prepare(spec.keys);
    return spec;
}

Result<storage::IndexSpec> ttl_spec(std::string_view field, std::int64_t seconds) {
    IndexRequest request;
    request.name = ttl_index;
    request.fields.emplace_back(field);
    request.ttl_seconds = seconds;
    Result<storage::IndexSpec> spec = index_spec(request);
    if (spec.ok() || spec.error().field.empty()) return spec;
    Error error = std::move(spec).error();
    error.field = "ttl.field";
    return error;
}

std::string collection_text(const storage::CollectionInfo& info) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("name").string(info.name);
    CollectionOptions::parse(info.options).append_members(out);
    if (const storage::IndexInfo* const ttl = index_of(info, ttl_index);
        ttl != nullptr && ttl->spec.ttl_seconds) {
        out.key("ttl").begin_object();
        out.key("field").string(ttl->spec.keys.fields.front().path.text);
        out.key("seconds").number(*ttl->spec.ttl_seconds);
        out.end_object();
    }
    out.key("statistics").begin_object();
    out.key("records").number(count_of(info.records));
    out.key("record_bytes").number(count_of(info.record_bytes));
    out.end_object();
    out.key("indexes").begin_array();
    for (const storage::IndexInfo& index : info.indexes) append_index(out, index);
    out.end_array();
    out.key("created_at").string(format_time(info.created_ms));
    out.end_object();
    return text;
}

bool has_index(const storage::CollectionInfo& info, std::string_view advised) {
    const bool geo = advised.starts_with(query::advised_geo);
    if (geo) advised.remove_prefix(query::advised_geo.size());
    const query::IndexType type = geo ? query::IndexType::Geo : query::IndexType::Value;
    return std::any_of(info.indexes.begin(), info.indexes.end(), [&](const storage::IndexInfo& index) {
        return index.state != storage::IndexState::Failed && index.spec.keys.type == type &&
               query::sort_text(index.spec.keys.fields) == advised;
    });
}

std::string_view type_name(query::IndexType type) {
    switch (type) {
        case query::IndexType::Value: return "value";
        case query::IndexType::Text: return "text";
        case query::IndexType::Geo: return "geo";
    }
    return "value";
}

IndexRequest advised_request(std::string_view advised) {
    IndexRequest request;
    if (advised.starts_with(query::advised_geo)) {
        request.type = query::IndexType::Geo;
        request.fields.emplace_back(advised.substr(query::advised_geo.size()));
        return request;
    }
    while (!advised.empty()) {
        const std::size_t comma = std::min(advised.find(','), advised.size());
        request.fields.emplace_back(advised.substr(0, comma));
        advised.remove_prefix(std::min(comma + 1, advised.size()));
    }
    return request;
}

std::string index_text(const storage::IndexInfo& info) {
    std::string text;
    json::Writer out(text);
    append_index(out, info);
    return text;
}

}  // namespace credvault::documents
