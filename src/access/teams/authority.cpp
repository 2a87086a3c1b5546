#include "access/teams/authority.h"

#include <charconv>
#include <utility>

#include "access/system.h"

namespace credvault::access {

bool covers(const Principal& caller, Role role) {
    if (caller.kind == PrincipalKind::User && caller.role > role) return false;
    // A member is not held to a key's collections, addresses or time.
    if (caller.kind == PrincipalKind::Key && caller.restrictions) return false;
    return caller.scopes.covers(scopes_of(role));
}

Error may_not_grant(Role role) {
    return Error(ErrorCode::FORBIDDEN, "The role " + std::string(role_name(role)) +
                                           " has rights that the credential does not have");
}

void require_authority(const Principal& caller, storage::WriteBatch& batch) {
    if (caller.kind != PrincipalKind::User) return;
    storage::CheckMatches still;
    still.collection = members_collection;
    still.filter =
        filter_of("workspace", caller.workspace, "user", caller.id, "role", role_name(caller.role));
    batch.operations.push_back(std::move(still));
}

storage::CheckMatches another_owner(const std::string& workspace, const std::string& member) {
    json::Value::Object filter{{"workspace", workspace},
                               {"role", role_name(Role::Owner)},
                               {"id", json::Value::Object{{"$ne", member}}}};
    storage::CheckMatches check;
    check.collection = members_collection;
    check.filter = parsed_filter(json::Value(std::move(filter)).text());
    return check;
}

storage::CheckMatches living_workspace(const std::string& workspace) {
    json::Value::Object filter{{"id", workspace}, {"deleting", json::Value::Object{{"$ne", true}}}};
    storage::CheckMatches check;
    check.collection = workspaces_collection;
    check.filter = parsed_filter(json::Value(std::move(filter)).text());
    return check;
}

std::size_t failed_operation(const Error& error) {
    std::size_t position = 0;
    std::from_chars(error.field.data(), error.field.data() + error.field.size(), position);
    return position;
}

}  // namespace credvault::access
