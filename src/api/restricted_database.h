// Databases as restricted credentials see them. Every path to a database that a credential names goes through here or
// through the names alone (documents/databases), so that what is begun with a restricted credential stays narrowed
// (storage/restricted_engine.h).
#pragma once

#include <string>
#include <string_view>

#include "access/restrictions.h"
#include "api/context.h"
#include "documents/databases.h"
#include "storage/restricted_engine.h"

namespace credvault::api {

/// The database as the restrictions show it: its id is a handle where they narrow it. Fails with FORBIDDEN, whether
/// there is such a database or not, and with DATABASE_NOT_FOUND.
Result<documents::DatabaseRef> restricted_database(const Services& services,
                                                   const access::Restrictions& restrictions,
                                                   std::string_view workspace, std::string_view name);
/// Whether the caller may make or drop the database: he must see all of it. Fails with FORBIDDEN.
Status check_whole_database(const Context& context, std::string_view name);
/// Whose jobs the caller may know of: his own id where his data are restricted, else empty: everybody's.
std::string own_jobs_only(const Context& context);

/// A database that a job works on, for the credential that asked for the job, as it is now.
class JobDatabases {
public:
    explicit JobDatabases(const Services& services) : services_(services) {}

    /// The id to be used with Services::engine, which lives as long as the reference. Fails with FORBIDDEN where the
    /// credential is gone or may no longer use the database, and with DATABASE_NOT_FOUND.
    Result<documents::DatabaseRef> open(const std::string& actor, const std::string& workspace,
                                        const std::string& stored_id) const;

private:
    const Services& services_;
};

}  // namespace credvault::api
