// What each session of a user may do, worked out from his memberships: the entries of the table that access tokens are
// checked against. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/credential_table.h"
#include "json/value.h"

namespace credvault::access {

/// A workspace that a user belongs to.
struct Membership {
    std::string workspace, name;
    Role role = Role::Viewer;
    bool requires_second_factor = false;
};

/// A session's token picks a workspace by the digest of both.
Digest digest_within(const Digest& token, std::string_view workspace);

/// The scopes that a member has: those of his role; none where the workspace demands a second factor that he lacks.
ScopeSet scopes_of(const Membership& member, bool has_second_factor);

/// The membership that a session acts in where a call names none: the one it chose, else the first; null where there is
/// none at all.
const Membership* chosen(const std::vector<Membership>& memberships, std::string_view workspace);

/// The entries of one session, a record of the system database: its token alone, and with each workspace.
std::vector<CredentialChange> entries_of(const json::Value& session,
                                         const std::vector<Membership>& memberships, bool has_second_factor);

}  // namespace credvault::access
