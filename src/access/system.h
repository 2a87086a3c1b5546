// The system database's own resources: its collections, and the workspace that a new server begins with. Records of the
// same engine that keeps users' data.
#pragma once

#include <string>
#include <string_view>

#include "base/reply.h"
#include "storage/engine.h"
#include "storage/platform.h"

namespace credvault::access {

using storage::events_database;
using storage::system_database;
constexpr std::string_view workspaces_collection = "workspaces";
constexpr std::string_view api_keys_collection = "api_keys";
constexpr std::string_view users_collection = "users";
constexpr std::string_view sessions_collection = "sessions";
constexpr std::string_view members_collection = "members";
constexpr std::string_view invitations_collection = "invitations";
constexpr std::string_view invitation_secrets_collection = "invitation_secrets";
constexpr std::string_view password_resets_collection = "password_resets";
constexpr std::string_view outbox_collection = "outbox";

/// Makes what is missing of the database of events, the collections and the first workspace, and returns that
/// workspace's id.
Reply<std::string> open_system(storage::Engine& engine);

}  // namespace credvault::access
