// Where a call on documents happens: names as the user wrote them, within a workspace, and what they resolve to.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "storage/narrowing.h"

namespace credvault::documents {

/// A database as the engine knows it. Immutable; shared so that it outlives its removal from the names.
struct DatabaseEntry {
    std::string id;         ///< The engine's.
    std::string workspace;  ///< Its id.
    std::string name;
    std::int64_t created_ms = 0;
    bool missing = false;  ///< Its store was not there when the server started.
    // As a restricted credential sees it (storage/restricted_engine.h): `id` is then a handle.
    std::string store = {};                        ///< The engine's own id; empty: `id`.
    std::shared_ptr<const void> handle = nullptr;  ///< Keeps the handle.
    std::shared_ptr<const storage::Narrowing> narrowing = nullptr;

    /// What stays the same whoever looks: for caches, and for what outlives the call.
    const std::string& stored_id() const { return store.empty() ? id : store; }
    /// Whether only some of the collection's records or fields are seen.
    bool narrows(std::string_view collection) const {
        return narrowing && narrowing->of(collection).narrows();
    }
};

using DatabaseRef = std::shared_ptr<const DatabaseEntry>;

/// A collection within a resolved database. The names are the caller's and live as long as the request.
struct Place {
    Place() = default;
    // No aggregate: GCC 12 destroys a braced temporary of one twice where it is an argument within a co_await.
    Place(DatabaseRef in, std::string_view name) : database(std::move(in)), collection(name) {}

    DatabaseRef database;
    std::string_view collection;
};

/// 1 to 64 of letters, digits, `_` and `-`, starting with a letter. Fails with INVALID_PARAMETER naming `field`.
Status check_name(std::string_view name, std::string_view field);

}  // namespace credvault::documents
