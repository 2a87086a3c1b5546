#include "access/kept_collection.h"

#include <utility>

#include "access/system.h"
#include "query/sort.h"

namespace credvault::access {
namespace {

constexpr std::string_view expiry_name = "expiry";

/// Whether it was made, or was there.
Status there(const Result<storage::WriteOutcome>& made) {
    if (made.ok() || made.error().code == ErrorCode::ALREADY_EXISTS) return {};
    return made.error();
}

Reply<void> make_index(storage::Engine& engine, std::string_view collection, storage::IndexSpec spec) {
    storage::WriteBatch batch;
    batch.database = events_database;
    batch.operations.emplace_back(storage::CreateIndex{collection, std::move(spec)});
    co_return there(co_await engine.write(batch));
}

Reply<void> expire_after(storage::Engine& engine, const KeptCollection& wanted) {
    storage::IndexSpec spec;
    spec.name = expiry_name;
    CO_TRY(spec.keys.fields, query::parse_sort(wanted.time_field));
    spec.ttl_seconds = wanted.keep_seconds;
    CO_TRY(const storage::CollectionInfo info,
           co_await engine.describe_collection(events_database, wanted.name));
    for (const storage::IndexInfo& index : info.indexes) {
        if (index.spec.name != expiry_name) continue;
        if (index.spec.ttl_seconds == spec.ttl_seconds) co_return Status();
        storage::WriteBatch batch;
        batch.database = events_database;
        batch.operations.emplace_back(storage::DropIndex{wanted.name, expiry_name});
        CO_TRY_VOID(co_await engine.write(batch));
    }
    co_return co_await make_index(engine, wanted.name, std::move(spec));
}

}  // namespace

Reply<void> open_kept(storage::Engine& engine, KeptCollection wanted) {
    storage::WriteBatch batch;
    batch.database = events_database;
    batch.operations.emplace_back(storage::CreateCollection{wanted.name, "{}"});
    CO_TRY_VOID(there(co_await engine.write(batch)));
    if (!wanted.index_name.empty()) {
        storage::IndexSpec spec;
        spec.name = wanted.index_name;
        CO_TRY(spec.keys.fields, query::parse_sort(wanted.index_fields));
        CO_TRY_VOID(co_await make_index(engine, wanted.name, std::move(spec)));
    }
    co_return co_await expire_after(engine, wanted);
}

}  // namespace credvault::access
