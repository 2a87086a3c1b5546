// What a caller may give away or take: no more than he has himself. Pure functions, and the conditions that hold him to
// it when the write happens.
#pragma once

#include <string>

#include "access/principal.h"
#include "access/records.h"

namespace credvault::access {

/// Whether the caller may make somebody this, or take it from him.
bool covers(const Principal& caller, Role role);
/// FORBIDDEN, with the role named.
Error may_not_grant(Role role);

/// That the caller, where he is a user, still has the role that his session had. Nothing for keys, which are checked
/// when they are used. Appends at most one operation.
void require_authority(const Principal& caller, storage::WriteBatch& batch);
/// That somebody else than the owner of this membership owns the workspace.
storage::CheckMatches another_owner(const std::string& workspace, const std::string& member);

/// That the workspace is there and not being deleted.
storage::CheckMatches living_workspace(const std::string& workspace);

/// The position of the operation that failed; 0 where the batch had only one.
std::size_t failed_operation(const Error& error);

}  // namespace credvault::access
