// An API key as it is kept: the record in the system database, of whose secrets there are only digests, and what users
// see of it. A value type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/restrictions.h"
#include "access/scope.h"
#include "access/secret.h"
#include "json/view.h"

namespace credvault::access {

/// The key that lives in the environment (CREDVAULT_ADMIN_KEY).
constexpr std::string_view environment_key_id = "key_environment";

enum class KeyStatus : std::uint8_t { Active, Disabled, Revoked };

/// A secret that was replaced and is still valid for a while.
struct PreviousSecret {
    Digest digest{};
    std::string prefix;
    std::int64_t expires_ms = 0;
};

struct KeyRecord {
    std::string id;
    std::string workspace;
    std::string name;
    std::string source = "api";          ///< "api", "first start" or "environment".
    std::string environment = "live";    ///< "live" or "test"; says nothing but the prefix.
    std::string created_by;              ///< A key's or user's id; empty where nobody was there yet.
    std::vector<std::string> ancestors;  ///< The keys that it descends from, the first one first.
    std::vector<std::string> scopes;     ///< By name, so that those of a later version are kept.
    RestrictionsRef restrictions;        ///< Not bound.
    KeyStatus status = KeyStatus::Active;
    std::string prefix;  ///< How the secret begins, for people; empty for secrets that people chose.
    Digest digest{};
    std::vector<PreviousSecret> previous;
    std::int64_t expires_ms = 0;  ///< 0: never.
    std::int64_t rotated_ms = 0;  ///< 0: never.
    std::int64_t used_ms = 0;     ///< 0: not known to have been.
    std::int64_t created_ms = 0;  ///< The platform's; not written.
    std::uint64_t version = 0;    ///< The record's; not written.

    /// Nothing where the record is no key: its digest or restrictions can't be read. What is not known to restrict
    /// nothing must not be taken for valid.
    static std::optional<KeyRecord> parse(const json::View& record);
    /// The record's canonical text.
    std::string text() const;
    /// What users see, at this time. With the secret where it is not empty: that is shown once.
    std::string public_text(std::int64_t now_ms, std::string_view secret = {}) const;

    ScopeSet scope_set() const;
    /// Who its rules speak of.
    RuleVariables identity() const;
    bool descends_from(std::string_view key) const;
};

}  // namespace credvault::access
