// Who makes a call: what a valid credential stands for. Immutable once made; shared by the calls that use it.
#pragma once

#include <cstdint>
#include <string>

#include "access/role.h"
#include "access/scope.h"

namespace credvault::access {

enum class PrincipalKind : std::uint8_t {
    Key,
    User,  ///< Signed in, seen in one of his workspaces.
};

struct Principal {
    std::string id;         ///< Of the key or user: the actor in change logs, the subject of limits.
    std::string workspace;  ///< The id of the workspace that the call is about.
    ScopeSet scopes;
    std::int64_t expires_ms = 0;  ///< Zero: never.
    PrincipalKind kind = PrincipalKind::Key;
    Role role = Role::Viewer;  ///< Of users.
    std::string session = {};  ///< The id of a user's session.
};

}  // namespace credvault::access
