#include "api/restricted_database.h"

#include <memory>
#include <utility>

#include "access/api_keys.h"
#include "base/clock.h"

namespace credvault::api {

Result<documents::DatabaseRef> restricted_database(const Services& services,
                                                   const access::Restrictions& restrictions,
                                                   std::string_view workspace, std::string_view name) {
    TRY(storage::NarrowingRef narrowing, restrictions.database(name));
    TRY(const documents::DatabaseRef found, services.databases.find(workspace, name));
    if (!narrowing) return found;
    auto entry = std::make_shared<documents::DatabaseEntry>(*found);
    const storage::RestrictedEngine::HandleRef handle = services.restricted.open(found->id, narrowing);
    entry->store = found->id;
    entry->id = handle->id();
    entry->handle = handle;
    entry->narrowing = std::move(narrowing);
    return documents::DatabaseRef(std::move(entry));
}

Status check_whole_database(const Context& context, std::string_view name) {
    if (!context.principal.restrictions) return {};
    TRY(const storage::NarrowingRef narrowing, context.principal.restrictions->database(name));
    if (!narrowing) return {};
    return Error(ErrorCode::FORBIDDEN, "The credential sees only a part of the database '" +
                                           std::string(name) + "', so it can neither make nor delete it");
}

std::string own_jobs_only(const Context& context) {
    const bool restricted = context.principal.restrictions && context.principal.restrictions->restrict_data();
    return restricted ? context.principal.id : std::string();
}

Result<documents::DatabaseRef> JobDatabases::open(const std::string& actor, const std::string& workspace,
                                                  const std::string& stored_id) const {
    TRY(const documents::DatabaseRef database, services_.databases.find_by_id(workspace, stored_id));
    TRY(const access::RestrictionsRef restrictions, services_.keys.restrictions_of(actor));
    if (!restrictions) return database;
    return restricted_database(services_, *restrictions, workspace, database->name);
}

}  // namespace credvault::api
