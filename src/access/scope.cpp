#include "access/scope.h"

#include <array>

namespace credvault::access {
namespace {

constexpr auto names = std::to_array<std::string_view>({
    "database:read",     "database:write",       "database:manage",
    "query:execute",     "metadata:read",        "cluster:read",
    "cluster:manage",    "integration:read",     "integration:manage",
    "intelligence:read", "intelligence:execute", "intelligence:manage",
    "webhook:read",      "webhook:manage",       "key:manage",
    "team:manage",       "settings:modify",      "billing:manage",
    "logs:read",
});
static_assert(names.size() == static_cast<std::size_t>(Scope::LogsRead) + 1);

}  // namespace

std::string_view scope_name(Scope scope) { return names[static_cast<std::size_t>(scope)]; }

std::optional<Scope> scope_named(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) return static_cast<Scope>(i);
    }
    return std::nullopt;
}

const std::vector<Scope>& all_scopes() {
    static const std::vector<Scope> scopes = [] {
        std::vector<Scope> all;
        for (std::size_t i = 0; i < names.size(); ++i) all.push_back(static_cast<Scope>(i));
        return all;
    }();
    return scopes;
}

ScopeSet ScopeSet::all() {
    ScopeSet set;
    for (const Scope scope : all_scopes()) set.add(scope);
    return set;
}

}  // namespace credvault::access
