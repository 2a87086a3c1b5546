// API keys: records of the system database, of which only the secret's hash is kept, and the table that calls are
// checked against. Thread-safe once load() is done.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "access/credential_table.h"
#include "base/clock.h"
#include "base/reply.h"
#include "storage/engine.h"

namespace credvault::access {

class ApiKeys {
public:
    /// `engine` must outlive the service.
    explicit ApiKeys(storage::Engine& engine);

    /// Reads all keys. The system's collections must be there (system.h).
    Reply<void> load();
    /// Sees to it that there is a key with all scopes. With `own` (the operator's, from the environment) that key and
    /// no other one from the environment is valid afterwards; without, a key is made where there is none at all, and
    /// its secret, which is kept nowhere, returned. Fails with INVALID_PARAMETER where `own` will not do.
    Reply<std::optional<std::string>> ensure_admin_key(std::string workspace, std::string own);

    /// Who presents this secret; null where it is unknown, revoked or expired. Takes no lock. The clock
    /// is read only for a key that expires.
    std::shared_ptr<const Principal> authenticate(std::string_view secret,
                                                  std::int64_t (*now)() = &now_ms) const;
    /// How many keys are valid.
    std::size_t count() const { return count_.load(std::memory_order_relaxed); }

private:
    Reply<void> store(std::string id, std::string source, std::string workspace, std::string secret);

    storage::Engine& engine_;
    CredentialTable table_;
    std::atomic<std::size_t> count_{0};
};

}  // namespace credvault::access
