// The members of a workspace and their roles. A workspace always has an owner, also when owners leave at the same
// moment: the condition is part of the write. Thread-safe.
#pragma once

#include <string>

#include "access/principal.h"
#include "access/records.h"
#include "access/sessions/sessions.h"

namespace credvault::access {

class Members {
public:
    Members(SystemRecords& records, Sessions& sessions) : records_(records), sessions_(sessions) {}

    Reply<void> open();

    Reply<storage::Listing> list(std::string workspace, storage::ListQuery query);
    /// Canonical text. Fails with MEMBER_NOT_FOUND, also for another workspace's.
    Reply<std::string> get(std::string workspace, std::string id);
    /// The new text. Fails with MEMBER_NOT_FOUND, FORBIDDEN where the caller has less than the old or the new role,
    /// LAST_OWNER.
    Reply<std::string> change_role(Principal caller, std::string id, Role role);
    /// The same errors.
    Reply<void> remove(Principal caller, std::string id);
    /// The caller, a user, leaves one of his workspaces. Fails with WORKSPACE_NOT_FOUND, LAST_OWNER.
    Reply<void> leave(std::string user, std::string workspace);

private:
    Reply<json::Value> find(std::string workspace, std::string id);
    Reply<std::string> apply(Principal caller, json::Value member, std::optional<Role> role);

    SystemRecords& records_;
    Sessions& sessions_;
};

}  // namespace credvault::access
