#include "api/endpoints.h"
#include "documents/databases.h"
#include "storage/engine.h"
#include "storage/platform.h"

namespace credvault::api {
namespace {

constexpr std::size_t max_shown_stores = 100;

struct GetReadiness {
    static Fields fields() { return {}; }
};

struct Store {
    std::string store;
    bool ready = true;
    std::optional<std::string> reason;
    static constexpr std::string_view schema_name = "Store";
    static Fields fields() {
        return {body(&Store::store, "store", {.description = "The store's id.", .example = "system"}),
                body(&Store::ready, "ready",
                     {.description = "Whether it takes reads and writes.", .example = "true"}),
                body(&Store::reason, "reason", {.description = "Why it is not ready."})};
    }
};

struct Readiness {
    bool ready = true;
    std::int64_t open_stores = 0;
    std::int64_t broken_stores = 0;
    std::vector<Store> stores;
    static constexpr std::string_view schema_name = "Readiness";
    static Fields fields() {
        return {body(&Readiness::ready, "ready",
                     {.description = "Whether calls can be served.", .example = "true"}),
                body(&Readiness::open_stores, "open_stores",
                     {.description = "Stores that are open.", .example = "3"}),
                body(&Readiness::broken_stores, "broken_stores",
                     {.description = "Stores that are known not to be ready.", .example = "0"}),
                body(&Readiness::stores, "stores",
                     {.description = "The system's store and up to 100 that are not ready."})};
    }
};

/// The server as a whole is ready when the system's store is: a broken database answers 503 for itself.
Reply<Resource<Readiness>> readiness_of(const std::vector<storage::StoreHealth>& health) {
    Readiness found;
    for (const storage::StoreHealth& store : health) {
        const bool is_system = store.database == storage::system_database;
        ++(store.ready ? found.open_stores : found.broken_stores);
        if (is_system && !store.ready) found.ready = false;
        if (!is_system && (store.ready || found.stores.size() >= max_shown_stores)) continue;
        found.stores.push_back({store.database, store.ready,
                                store.ready ? std::nullopt : std::optional<std::string>(store.reason)});
    }
    if (found.ready) return Resource<Readiness>{std::move(found)};
    Error error(ErrorCode::STORAGE_UNAVAILABLE, "The system's store is not ready");
    for (const Store& store : found.stores) {
        if (!store.ready)
            error.details.push_back({store.store, ErrorCode::STORAGE_UNAVAILABLE, *store.reason});
    }
    return error;
}

}  // namespace

const Endpoint get_readiness = Operation<GetReadiness, Resource<Readiness>>{
    .id = "getReadiness",
    .method = http::Method::Get,
    .path = "/readyz",
    .tag = "Operations",
    .summary = "Whether the server can serve calls, store by store",
    .description =
        "Answers 503 while the system's own store is not ready. A database that can't be used is listed and "
        "answers 503 for itself.",
    .scope = Requirement::none(),
    .rate = RateClass::Exempt,
    .run = [](Context& context, const GetReadiness&) {
        std::vector<storage::StoreHealth> stores = context.services.engine.health();
        for (std::string& id : context.services.databases.missing()) {
            stores.push_back({std::move(id), false, "Its file is missing"});
        }
        return readiness_of(stores);
    }};

}  // namespace credvault::api
