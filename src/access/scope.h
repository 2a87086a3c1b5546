// Scopes, the rights that a credential may have (API.md, "Credentials"), as a set of bits, and what a call asks for.
// Value types.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

namespace credvault::access {

enum class Scope : std::uint8_t {
    DatabaseRead,
    DatabaseWrite,
    DatabaseManage,
    QueryExecute,
    MetadataRead,
    ClusterRead,
    ClusterManage,
    IntegrationRead,
    IntegrationManage,
    IntelligenceRead,
    IntelligenceExecute,
    IntelligenceManage,
    WebhookRead,
    WebhookManage,
    KeyManage,
    TeamManage,
    SettingsModify,
    BillingManage,
    LogsRead,
};

/// The public name, for instance "database:read".
std::string_view scope_name(Scope scope);
std::optional<Scope> scope_named(std::string_view name);
/// Every scope, in the order of the enumeration.
const std::vector<Scope>& all_scopes();

class ScopeSet {
public:
    constexpr ScopeSet() = default;
    constexpr ScopeSet(std::initializer_list<Scope> scopes) {
        for (const Scope scope : scopes) add(scope);
    }
    static ScopeSet all();

    constexpr bool has(Scope scope) const { return (bits_ & bit(scope)) != 0; }
    constexpr void add(Scope scope) { bits_ |= bit(scope); }
    /// Whether every scope of the other set is in this one.
    constexpr bool covers(ScopeSet other) const { return (other.bits_ & ~bits_) == 0; }
    friend constexpr bool operator==(ScopeSet, ScopeSet) = default;

private:
    static constexpr std::uint32_t bit(Scope scope) {
        return std::uint32_t{1} << static_cast<unsigned>(scope);
    }
    std::uint32_t bits_ = 0;
};

/// What a call asks of its caller: no credential at all, any valid one, one that has a scope, a signed-in user, or the
/// owner of the workspace, signed in.
class Requirement {
public:
    constexpr Requirement(Scope scope) : kind_(Kind::Scope), scope_(scope) {}
    static constexpr Requirement none() { return Requirement(Kind::None); }
    static constexpr Requirement credential() { return Requirement(Kind::Credential); }
    static constexpr Requirement user() { return Requirement(Kind::User); }
    static constexpr Requirement owner() { return Requirement(Kind::Owner); }

    constexpr bool needs_credential() const { return kind_ != Kind::None; }
    constexpr bool needs_user() const { return kind_ == Kind::User || kind_ == Kind::Owner; }
    constexpr bool needs_owner() const { return kind_ == Kind::Owner; }
    constexpr std::optional<Scope> scope() const {
        return kind_ == Kind::Scope ? std::optional<Scope>(scope_) : std::nullopt;
    }

private:
    enum class Kind : std::uint8_t { None, Credential, Scope, User, Owner };
    constexpr explicit Requirement(Kind kind) : kind_(kind) {}

    Kind kind_;
    access::Scope scope_ = Scope::DatabaseRead;
};

}  // namespace credvault::access
