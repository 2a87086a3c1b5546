// The databases of a workspace: their names, kept as records of the system database and cached whole in memory, and
// the engine's databases behind them. A database's file exists before its name does and goes after it; what a start
// finds unfinished it finishes. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reply.h"
#include "base/snapshot.h"
#include "documents/listing.h"
#include "documents/place.h"
#include "storage/engine.h"

namespace credvault::documents {

/// A database as users see it.
struct DatabaseDescription {
    DatabaseRef entry;
    storage::DatabaseInfo info;
};

/// Of a write whose answer may be the first one's again (storage::Idempotency).
template <class T>
struct Once {
    T value;
    bool replayed = false;
    std::string answer;  ///< With an idempotency key.
};

class Databases {
public:
    /// `engine` must outlive the service.
    explicit Databases(storage::Engine& engine);

    /// Who is told whose the databases are; before load(), and outlives the service.
    void set_quotas(storage::Quotas* quotas) { quotas_ = quotas; }
    /// Makes the system collections where they are missing, reads all names, and finishes creations and drops that
    /// were broken off. Call once before use.
    Reply<void> load();

    /// From memory. Fails with DATABASE_NOT_FOUND, and with DATABASE_DAMAGED where only the name is left.
    Result<DatabaseRef> find(std::string_view workspace, std::string_view name) const;
    /// The same by the engine's id, of what outlived the call that named it.
    Result<DatabaseRef> find_by_id(std::string_view workspace, std::string_view id) const;
    /// The same of any workspace; null where there is none.
    DatabaseRef find_by_id(std::string_view id) const;
    std::vector<DatabaseRef> all_of(std::string_view workspace) const;
    /// How many there are in all.
    std::size_t count() const;
    /// The ids of those of which only the name is left.
    std::vector<std::string> missing() const;

    /// Fails with INVALID_PARAMETER (the name), ALREADY_EXISTS, and the idempotency errors.
    Reply<Once<DatabaseRef>> create(std::string workspace, std::string name, std::string actor,
                                    std::optional<storage::Idempotency> idempotency);
    /// The name goes first, then the data. Fails with DATABASE_NOT_FOUND.
    Reply<void> drop(std::string workspace, std::string name, std::string actor);
    Reply<DatabaseDescription> describe(DatabaseRef database);
    /// Canonical texts, without statistics, of those whose names are shown.
    Result<Listing> list(std::string_view workspace, const ListQuery& query,
                         const std::function<bool(std::string_view)>& shown) const;

private:
    using Key = std::pair<std::string, std::string>;  // workspace, name
    using Names = std::map<Key, DatabaseRef, std::less<>>;

    Reply<void> read_names();
    Reply<void> finish_drops();
    Reply<void> drop_store(std::string id, std::vector<std::string> notes);
    Reply<std::vector<std::string>> collections_of(std::string id);
    Reply<void> compare_with_stores();
    void publish(const DatabaseRef& added, const DatabaseRef& removed);

    storage::Engine& engine_;
    storage::Quotas* quotas_ = nullptr;
    std::mutex changing_;
    Snapshot<Names> names_;
};

/// A database as JSON (canonical), with statistics where they are given.
std::string database_text(const DatabaseEntry& entry, const storage::DatabaseInfo* info);

}  // namespace credvault::documents
