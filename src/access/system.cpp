#include "access/system.h"

#include "access/records.h"
#include "base/ids.h"
#include "json/writer.h"

namespace credvault::access {
namespace {

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
    json::Writer out(record);
    out.begin_object().key("id").string(id).key("name").string("default");
    out.key("default").boolean(true).end_object();
    storage::WriteBatch batch = system_batch();
    batch.operations.push_back(storage::InsertRecord{workspaces_collection, record});
    CO_TRY_VOID(co_await engine.write(batch));
    co_return id;
}

}  // namespace

Reply<std::string> open_system(storage::Engine& engine) {
    CO_TRY_VOID(co_await make_events_database(engine));
    CO_TRY_VOID(co_await make_collection(engine, workspaces_collection));
    CO_TRY_VOID(co_await make_collection(engine, api_keys_collection));
    SystemRecords records(engine);
    // Those that users made say that they are not the server's own; of one that says nothing there is no other.
    std::string own = R"({"default":{"$ne":false},"deleting":{"$ne":true}})";
    CO_TRY(const RecordValue found, co_await records.first(workspaces_collection, std::move(own)));
    if (found) co_return text_of(*found, "id");
    co_return co_await make_workspace(engine);
}

}  // namespace credvault::access
