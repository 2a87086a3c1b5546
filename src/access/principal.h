// Who makes a call: what a valid credential stands for. Immutable once made; shared by the calls that use it.
#pragma once

#include <cstdint>
#include <string>

#include "access/scope.h"

namespace credvault::access {

struct Principal {
    std::string id;         ///< Of the key or user: the actor in change logs, the subject of limits.
    std::string workspace;  ///< The id of the workspace that the credential belongs to.
    ScopeSet scopes;
    std::int64_t expires_ms = 0;  ///< Zero: never.
};

}  // namespace credvault::access
