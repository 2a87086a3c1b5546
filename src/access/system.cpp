#include "access/system.h"

#include "base/ids.h"
#include "json/writer.h"

namespace credvault::access {
namespace {

class FirstId final : public storage::RowSink {
public:
    bool row(const storage::Row& row) override {
        id = row.record.find("id")->as_string();
        return false;
    }
    void restart() override { id.clear(); }

    std::string id;
};

Reply<void> make_collection(storage::Engine& engine, std::string_view name) {
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.operations.push_back(storage::CreateCollection{name, "{}"});
    const auto made = co_await engine.write(batch);
    if (!made.ok() && made.error().code != ErrorCode::ALREADY_EXISTS) co_return made.error();
    co_return Status();
}

Reply<void> make_events_database(storage::Engine& engine) {
    const auto made = co_await engine.create_database(events_database);
    if (!made.ok() && made.error().code != ErrorCode::ALREADY_EXISTS) co_return made.error();
    co_return Status();
}

Reply<std::string> make_workspace(storage::Engine& engine) {
    std::string id = make_id("ws");
    std::string record;
    json::Writer(record).begin_object().key("id").string(id).key("name").string("default").end_object();
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.operations.push_back(storage::InsertRecord{workspaces_collection, record});
    CO_TRY_VOID(co_await engine.write(batch));
    co_return id;
}

}  // namespace

Reply<std::string> open_system(storage::Engine& engine) {
    CO_TRY_VOID(co_await make_events_database(engine));
    CO_TRY_VOID(co_await make_collection(engine, workspaces_collection));
    CO_TRY_VOID(co_await make_collection(engine, api_keys_collection));
    storage::FindRequest request;
    request.database = system_database;
    request.collection = workspaces_collection;
    request.limit = 1;
    FirstId first;
    CO_TRY_VOID(co_await engine.find(request, first));
    if (!first.id.empty()) co_return std::move(first.id);
    co_return co_await make_workspace(engine);
}

}  // namespace credvault::access
