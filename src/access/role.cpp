#include "access/role.h"

#include <array>

namespace credvault::access {
namespace {

constexpr auto names = std::to_array<std::string_view>({"owner", "admin", "developer", "viewer"});

constexpr ScopeSet viewer_scopes{Scope::DatabaseRead,    Scope::MetadataRead,     Scope::ClusterRead,
                                 Scope::IntegrationRead, Scope::IntelligenceRead, Scope::WebhookRead,
                                 Scope::LogsRead};

}  // namespace

std::string_view role_name(Role role) { return names[static_cast<std::size_t>(role)]; }

std::optional<Role> role_named(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) return static_cast<Role>(i);
    }
    return std::nullopt;
}

ScopeSet scopes_of(Role role) {
    if (role == Role::Owner) return ScopeSet::all();
    ScopeSet scopes = viewer_scopes;
    if (role == Role::Viewer) return scopes;
    if (role == Role::Developer) {
        for (const Scope more : {Scope::DatabaseWrite, Scope::QueryExecute, Scope::IntelligenceExecute})
            scopes.add(more);
        return scopes;
    }
    for (const Scope scope : all_scopes()) {
        if (scope != Scope::BillingManage) scopes.add(scope);
    }
    return scopes;
}

}  // namespace credvault::access
