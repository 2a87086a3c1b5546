// Workspaces, which hold everything else and share nothing. Of a workspace that is not the caller's nothing is told: it
// is answered as one that does not exist, on the same way. Deleting ends all access in one write; the data goes after
// it, by a job (app/), which a later start takes up again. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/api_keys.h"
#include "access/principal.h"
#include "access/records.h"
#include "access/sessions/sessions.h"

namespace credvault::access {

struct WorkspaceChange {
    std::optional<std::string> name;
    std::optional<bool> require_totp;
};

class Workspaces {
public:
    Workspaces(SystemRecords& records, Users& users, Sessions& sessions, ApiKeys& keys,
               std::size_t max_per_user)
        : records_(records), users_(users), sessions_(sessions), keys_(keys), max_per_user_(max_per_user) {}

    /// The caller's, canonical texts; of a key: its own one.
    Reply<std::vector<std::string>> list(Principal caller);
    /// Fails with WORKSPACE_NOT_FOUND.
    Reply<std::string> get(Principal caller, std::string id);
    /// The user becomes its owner. Fails with INVALID_PARAMETER, LIMIT_EXCEEDED.
    Reply<storage::WriteOutcome> create(std::string user, std::string name,
                                        std::optional<storage::Idempotency> idempotency);
    static std::string text_of_created(const storage::WriteOutcome& outcome);
    /// Of the caller's current one. Fails with WORKSPACE_NOT_FOUND, INVALID_PARAMETER.
    Reply<std::string> change(Principal caller, std::string id, WorkspaceChange change);

    /// Ends all access to the caller's current workspace: keys, members and invitations are gone when it is answered.
    /// Fails with WORKSPACE_NOT_FOUND, INVALID_PARAMETER where the name is not the workspace's, FORBIDDEN where the
    /// caller owns it no longer.
    Reply<void> begin_deletion(Principal caller, std::string id, std::string name);
    /// The ids of those whose deletion has begun and not ended.
    Reply<std::vector<std::string>> deleting();
    /// Removes what the system database holds of a workspace but its own record, the records of `kept` collections and
    /// that of the job that does it; may be repeated.
    Reply<void> remove_records(std::string id, std::vector<std::string> kept, std::string job);
    /// The last step: its own record.
    Reply<void> finish_deletion(std::string id);

private:
    Reply<void> reload_members(std::string workspace);

    SystemRecords& records_;
    Users& users_;
    Sessions& sessions_;
    ApiKeys& keys_;
    const std::size_t max_per_user_;
};

}  // namespace credvault::access
