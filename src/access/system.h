// The system database's own resources: its collections, and the workspace that a new server begins with. Records of the
// same engine that keeps users' data.
#pragma once

#include <string>
#include <string_view>

#include "base/reply.h"
#include "storage/engine.h"

namespace credvault::access {

constexpr std::string_view system_database = "system";
constexpr std::string_view workspaces_collection = "workspaces";
constexpr std::string_view api_keys_collection = "api_keys";

/// Makes what is missing of the collections and of the first workspace, and returns that workspace's id.
Reply<std::string> open_system(storage::Engine& engine);

}  // namespace credvault::access
