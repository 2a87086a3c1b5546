// API keys: made, changed, rotated, revoked, and checked on every call. Records of the system database, of which only
// digests of the secrets are kept. Every change is one write of one record, durable and seen by every thread before it
// is answered, so that no crash leaves a secret alive that should be dead, nor the reverse. Thread-safe once load() is
// done.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/allotments.h"
#include "access/key_registry.h"
#include "access/key_uses.h"
#include "base/clock.h"
#include "base/reply.h"
#include "storage/engine.h"

namespace credvault::access {

/// What a key is to be; what is not given stays as it is, or as it is by default.
struct KeyWish {
    std::optional<std::string> name;                 ///< 1 to 100 characters.
    std::optional<std::vector<std::string>> scopes;  ///< 1 or more.
    std::optional<std::string> restrictions;         ///< Canonical JSON.
    std::optional<std::string> expiry;               ///< "30d", "90d", "1y", "never" or a time.
    std::optional<bool> enabled;
    std::string environment = "live";  ///< Of new keys: "live" or "test".
};

/// A key with its new secret, canonical text.
struct KeyWithSecret {
    std::string id;
    std::string text;
    bool replayed = false;  ///< The idempotency key had been used: `answer` is the first answer.
    std::string answer;     ///< With an idempotency key; without the secret, which is kept nowhere.
};

constexpr std::int64_t max_overlap_seconds = std::int64_t{30} * 24 * 60 * 60;

class ApiKeys {
public:
    /// `engine` must outlive the service.
    explicit ApiKeys(storage::Engine& engine);

    /// Who says how many keys a workspace may have; before the first is made, and outlives the service.
    void limit_by(Allotments& allotments) { allotments_ = &allotments; }
    /// Reads all keys. The system's collections must be there (system.h).
    Reply<void> load();
    /// Sees to it that there is a key with all scopes. With `own` (the operator's, from the environment) that key and
    /// no other one from the environment is valid afterwards; without, a key is made where there is none at all, and
    /// its secret, which is kept nowhere, returned. Fails with INVALID_PARAMETER where `own` will not do.
    Reply<std::optional<std::string>> ensure_admin_key(std::string workspace, std::string own);
    /// Begins and ends writing down when keys were used.
    void start() { uses_.start(); }
    void stop() { uses_.stop(); }

    /// Who presents this secret; null where it is unknown, revoked or expired. Takes no lock. The clock
    /// is read only for a key that expires.
    std::shared_ptr<const Principal> authenticate(std::string_view secret,
                                                  std::int64_t (*now)() = &now_ms) const;
    /// How many keys are neither disabled nor revoked.
    std::size_t count() const { return registry_.active(); }

    // What users do with keys, within the holder's workspace and rights (key_rights.h). All but list() fail with
    // API_KEY_NOT_FOUND, the changes with FORBIDDEN where the key is the environment's or would get more than the
    // holder has, INVALID_PARAMETER, and API_KEY_REVOKED. The holder must outlive the reply.

    /// What restricts somebody who acted before, as it is now; null: nothing. Users are not restricted here. Fails with
    /// FORBIDDEN where it is a key that is no longer valid.
    Result<RestrictionsRef> restrictions_of(const std::string& actor) const;
    /// The names of the scopes that a key has now. Fails with FORBIDDEN where it is no longer valid.
    Result<std::vector<std::string>> scopes_of(const std::string& id) const;
    /// Canonical texts, in the order of their ids.
    std::vector<std::string> list(const Principal& holder) const;
    Result<std::string> get(const Principal& holder, std::string_view id) const;
    Reply<KeyWithSecret> create(const Principal& holder, KeyWish wish,
                                std::optional<storage::Idempotency> idempotency);
    Reply<std::string> change(const Principal& holder, std::string id, KeyWish wish);
    /// A new secret; the old one ends after the overlap, 0 to max_overlap_seconds. LIMIT_EXCEEDED where too many old
    /// ones are still valid.
    Reply<KeyWithSecret> rotate(const Principal& holder, std::string id, std::int64_t overlap_seconds,
                                std::optional<storage::Idempotency> idempotency);
    /// For good; the key stays in the list. Again is no error.
    Reply<std::string> revoke(const Principal& holder, std::string id);
    Reply<void> remove(const Principal& holder, std::string id);

private:
    Result<KeyRegistry::KeyRef> valid(const std::string& id) const;
    /// Changes a copy of the stored key.
    using Edit = std::function<Status(KeyRecord&)>;

    Reply<void> store_admin_key(std::string id, std::string source, std::string workspace,
                                std::string secret);
    Result<KeyRegistry::KeyRef> changeable(const Principal& holder, std::string_view id) const;
    /// Without an id where the idempotency key had been used; the name is then the first answer.
    Reply<KeyRecord> rewrite(const Principal& holder, std::string id, Edit edit,
                             std::optional<storage::Idempotency> idempotency);
    Reply<void> refresh(std::string id);
    std::string shown(const KeyRecord& key, std::string_view secret = {}) const;

    storage::Engine& engine_;
    Allotments* allotments_ = nullptr;  ///< Null: any number.
    KeyRegistry registry_;
    KeyUses uses_;
};

}  // namespace credvault::access
