// The databases that are the platform's own. Users' databases have opaque ids, which are never one of these.
#pragma once

#include <string_view>

namespace credvault::storage {

/// Resources: workspaces, users, keys, jobs … Every engine has it from the beginning.
constexpr std::string_view system_database = "system";
/// What is written at a high rate and outlives what it is about: the audit log, usage. Made by access/.
constexpr std::string_view events_database = "events";

constexpr bool is_platform_database(std::string_view id) {
    return id == system_database || id == events_database;
}

}  // namespace credvault::storage
