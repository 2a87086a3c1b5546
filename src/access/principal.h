// Who makes a call: what a valid credential stands for. Immutable once made; shared by the calls that use it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "access/restrictions.h"
#include "access/role.h"
#include "access/scope.h"

namespace credvault::access {

enum class PrincipalKind : std::uint8_t {
    Key,
    User,  ///< Signed in, seen in one of his workspaces.
};

/// When a key was last seen, to be written later (key_uses.h). Shared by all threads that meet the key, and written at
/// most once in a period, so that its cache line stays shared.
struct KeyUse {
    static constexpr std::int64_t period_ns = std::int64_t{60} * 1'000'000'000;

    void note(std::int64_t monotonic_ns) {
        if (monotonic_ns - noted_ns.load(std::memory_order_relaxed) >= period_ns)
            noted_ns.store(monotonic_ns, std::memory_order_relaxed);
    }

    std::atomic<std::int64_t> noted_ns = -period_ns;
};

struct Principal {
    std::string id;         ///< Of the key or user: the actor in change logs, the subject of limits.
    std::string workspace;  ///< The id of the workspace that the call is about.
    ScopeSet scopes;
    std::int64_t expires_ms = 0;  ///< Zero: never.
    PrincipalKind kind = PrincipalKind::Key;
    Role role = Role::Viewer;           ///< Of users.
    std::string session = {};           ///< The id of a user's session.
    RestrictionsRef restrictions = {};  ///< Null: none.
    std::shared_ptr<KeyUse> use = {};   ///< Of keys.
};

}  // namespace credvault::access
