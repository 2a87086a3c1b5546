#include "access/key_rights.h"

#include "base/clock.h"

namespace credvault::access {

bool may_see(const Principal& holder, const KeyRecord& key) {
    if (key.workspace != holder.workspace) return false;
    return !holder.restrictions || key.id == holder.id || key.descends_from(holder.id);
}

std::int64_t gives_until_ms(const Principal& holder) {
    return holder.kind == PrincipalKind::Key ? holder.expires_ms : 0;
}

Status check_gift(const Principal& holder, const KeyRecord& key) {
    for (const Scope scope : all_scopes()) {
        if (!key.scope_set().has(scope) || holder.scopes.has(scope)) continue;
        return Error(ErrorCode::FORBIDDEN,
                     "Your own credential does not have the scope " + std::string(scope_name(scope)) +
                         ", so it can't give it to a key",
                     "scopes");
    }
    const std::int64_t end = gives_until_ms(holder);
    if (end != 0 && (key.expires_ms == 0 || key.expires_ms > end)) {
        return Error(
            ErrorCode::FORBIDDEN,
            "Your own credential ends at " + format_time(end) + ", so it can't give a key a longer life",
            "expiry");
    }
    const RestrictionsRef bound = Restrictions::bound(key.restrictions, key.identity());
    if (!Restrictions::is_within(bound, holder.restrictions)) {
        return Error(ErrorCode::FORBIDDEN, "Your own credential is restricted more than this key",
                     "restrictions");
    }
    return {};
}

}  // namespace credvault::access
