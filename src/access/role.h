// The roles that a user may have in a workspace: named sets of scopes (API.md, "Credentials"). Value types.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "access/scope.h"

namespace credvault::access {

/// From the one that may do most to the one that may do least.
enum class Role : std::uint8_t { Owner, Admin, Developer, Viewer };

/// The public name, for instance "owner".
std::string_view role_name(Role role);
std::optional<Role> role_named(std::string_view name);
ScopeSet scopes_of(Role role);

}  // namespace credvault::access
