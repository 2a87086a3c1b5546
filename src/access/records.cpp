#include "access/records.h"

#include <algorithm>

#include "access/system.h"
#include "base/clock.h"
#include "json/writer.h"
#include "query/hidden_fields.h"

namespace credvault::access {
namespace {

class ValuesSink final : public storage::RowSink {
public:
    bool row(const storage::Row& row) override {
        values.emplace_back(row.record);
        return true;
    }
    void restart() override { values.clear(); }

    std::vector<json::Value> values;
};

/// Made by somebody else at the same moment is made, too.
Status made(Result<storage::WriteOutcome> written) {
    if (written.ok() || written.error().code == ErrorCode::ALREADY_EXISTS) return {};
    return std::move(written).error();
}

bool has_index(const storage::CollectionInfo& collection, std::string_view name) {
    return std::any_of(collection.indexes.begin(), collection.indexes.end(),
                       [&](const storage::IndexInfo& index) { return index.spec.name == name; });
}

}  // namespace

Result<std::string> ChangeBy::apply(const json::View& current) const {
    json::Value value(current);
    TRY_VOID(change_(value));
    return value.text();
}

Reply<void> SystemRecords::open(std::string_view collection, std::vector<RecordIndex> indexes) {
    storage::CollectionInfo known;
    auto described = co_await engine_.describe_collection(system_database, collection);
    if (described.ok()) {
        known = std::move(described).value();
    } else if (described.error().code != ErrorCode::COLLECTION_NOT_FOUND) {
        co_return std::move(described).error();
    } else {
        storage::WriteBatch batch = system_batch();
        batch.operations.push_back(storage::CreateCollection{collection, "{}"});
        auto written = co_await engine_.write(batch);
        CO_TRY_VOID(made(std::move(written)));
    }
    for (const RecordIndex& index : indexes) {
        if (has_index(known, index.name)) continue;
        CO_TRY(query::Sort fields, query::parse_sort(index.fields));
        storage::IndexSpec spec{std::string(index.name), {std::move(fields), index.sparse}, index.unique};
        if (index.expires) spec.ttl_seconds = 0;
        storage::WriteBatch batch = system_batch();
        batch.operations.push_back(storage::CreateIndex{collection, std::move(spec)});
        auto written = co_await engine_.write(batch);
        CO_TRY_VOID(made(std::move(written)));
    }
    co_return Status();
}

Reply<RecordValue> SystemRecords::get(std::string_view collection, std::string id) {
    ValuesSink sink;
    const storage::RecordKey key{system_database, collection, id};
    CO_TRY(const bool there, co_await engine_.get(key, sink));
    if (!there) co_return RecordValue();
    co_return RecordValue(std::move(sink.values.front()));
}

Reply<RecordValue> SystemRecords::first(std::string_view collection, std::string filter) {
    CO_TRY(std::vector<json::Value> found, co_await all(collection, std::move(filter), 1));
    if (found.empty()) co_return RecordValue();
    co_return RecordValue(std::move(found.front()));
}

Reply<std::vector<json::Value>> SystemRecords::all(std::string_view collection, std::string filter,
                                                   std::uint64_t limit) {
    storage::FindRequest request;
    request.database = system_database;
    request.collection = collection;
    CO_TRY(request.filter, query::parse_filter(json::View(filter)));
    request.limit = limit;
    ValuesSink sink;
    CO_TRY_VOID(co_await engine_.find(request, sink));
    co_return std::move(sink.values);
}

Reply<std::uint64_t> SystemRecords::count(std::string_view collection, std::string filter) {
    storage::CountRequest request;
    request.database = system_database;
    request.collection = collection;
    CO_TRY(request.filter, query::parse_filter(json::View(filter)));
    CO_TRY(const storage::CountResult counted, co_await engine_.count(request));
    co_return counted.count;
}

Reply<storage::Listing> SystemRecords::list(std::string_view collection, std::string own,
                                            storage::ListQuery query, query::HiddenFieldsRef hidden) {
    storage::ListSource source{system_database, collection, {}};
    source.own = std::move(own);
    source.hidden = std::move(hidden);
    co_return co_await storage::list_page(engine_, source, std::move(query));
}

storage::WriteBatch system_batch(std::string_view actor) {
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.actor = actor;
    return batch;
}

query::Filter parsed_filter(std::string_view text) { return query::parse_filter(json::View(text)).value(); }

query::HiddenFieldsRef hidden_members(std::initializer_list<std::string_view> hidden) {
    query::HiddenFields all{"updated_at", "_version"};
    all.insert(all.end(), hidden.begin(), hidden.end());
    return std::make_shared<const query::HiddenFields>(std::move(all));
}

std::string public_text(const json::Value& record, const query::HiddenFields& hidden) {
    const std::string whole = record.text();
    std::string shown;
    query::append_without(shown, json::View(whole), hidden);
    return shown;
}

std::string text_of(const json::Value& record, std::string_view name) {
    const json::Value* member = record.find(name);
    return member != nullptr && member->is_string() ? member->as_string() : std::string();
}

std::int64_t int_of(const json::Value& record, std::string_view name) {
    const json::Value* member = record.find(name);
    return member != nullptr && member->type() == json::Type::Int ? member->as_int() : 0;
}

bool flag_of(const json::Value& record, std::string_view name) {
    const json::Value* member = record.find(name);
    return member != nullptr && member->type() == json::Type::Bool && member->as_bool();
}

std::int64_t time_of(const json::Value& record, std::string_view name) {
    return parse_time(text_of(record, name)).value_or(0);
}

}  // namespace credvault::access
