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

/// Makes what is missing of the database of events, the collections and the first workspace, and returns that
/// workspace's id.
Reply<std::string> open_system(storage::Engine& engine);

}  // namespace credvault::access
