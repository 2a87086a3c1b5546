#include "access/teams/members.h"

#include <utility>

#include "access/system.h"
#include "access/teams/authority.h"

namespace credvault::access {
namespace {

Error member_not_found(const std::string& id) {
    return Error(ErrorCode::MEMBER_NOT_FOUND, "There is no member with the id '" + id + "'", "member");
}

const query::HiddenFieldsRef& unseen() {
    static const query::HiddenFieldsRef members = hidden_members({"workspace", "registered"});
    return members;
}

/// Where the operations of a change stand in its batch.
struct Positions {
    std::size_t authority = SIZE_MAX, owner = SIZE_MAX;
};

Error refusal(Error error, const Positions& at, const std::string& member) {
    if (error.code == ErrorCode::RECORD_NOT_FOUND) return member_not_found(member);
    if (error.code != ErrorCode::PRECONDITION_FAILED) return error;
    const std::size_t failed = failed_operation(error);
    if (failed == at.owner) {
        return Error(ErrorCode::LAST_OWNER,
                     "A workspace must keep an owner: make another member owner first");
    }
    if (failed == at.authority)
        return Error(ErrorCode::FORBIDDEN, "Your role in this workspace has just changed");
    return Error(ErrorCode::WRITE_CONFLICT, "The member was changed at the same time: look again");
}

}  // namespace

Reply<void> Members::open() {
    std::vector<RecordIndex> indexes;
    indexes.push_back({.name = "by_user", .fields = "user"});
    indexes.push_back({.name = "by_place", .fields = "workspace,user", .unique = true});
    return records_.open(members_collection, std::move(indexes));
}

Reply<storage::Listing> Members::list(std::string workspace, storage::ListQuery query) {
    return records_.list(members_collection, filter_text("workspace", workspace), std::move(query), unseen());
}

Reply<json::Value> Members::find(std::string workspace, std::string id) {
    CO_TRY(RecordValue member, co_await records_.get(members_collection, id));
    if (!member || text_of(*member, "workspace") != workspace) co_return member_not_found(id);
    co_return std::move(*member);
}

Reply<std::string> Members::get(std::string workspace, std::string id) {
    CO_TRY(const json::Value member, co_await find(std::move(workspace), std::move(id)));
    co_return public_text(member, *unseen());
}

/// Without a role the member is removed.
Reply<std::string> Members::apply(Principal caller, json::Value member, std::optional<Role> role) {
    const std::string id = text_of(member, "id");
    const std::string workspace = text_of(member, "workspace");
    const std::string before = text_of(member, "role");
    const query::Filter unchanged = filter_of("workspace", workspace, "role", before);
    storage::Precondition precondition;
    precondition.if_matches = &unchanged;
    const ChangeBy change([role](json::Value& record) -> Status {
        record.set("role", role_name(*role));
        return {};
    });
    storage::WriteBatch batch = system_batch(caller.id);
    batch.want_records = true;
    if (role) {
        batch.operations.push_back(storage::ModifyRecord{members_collection, id, &change, precondition});
    } else {
        batch.operations.push_back(storage::RemoveRecord{members_collection, id, precondition});
    }
    Positions at;
    at.authority = batch.operations.size();
    if (text_of(member, "user") != caller.id) require_authority(caller, batch);
    if (before == role_name(Role::Owner) && role != Role::Owner) {
        at.owner = batch.operations.size();
        batch.operations.push_back(another_owner(workspace, id));
    }
    auto written = co_await records_.write(batch);
    // Also after a failure: what it found may be newer than the table.
    CO_TRY_VOID(co_await sessions_.reload(text_of(member, "user")));
    if (!written.ok()) co_return refusal(std::move(written).error(), at, id);
    if (!role) co_return std::string();
    co_return public_text(json::Value(json::View(written->operations.front().record)), *unseen());
}

Reply<std::string> Members::change_role(Principal caller, std::string id, Role role) {
    CO_TRY(json::Value member, co_await find(caller.workspace, std::move(id)));
    const Role before = role_named(text_of(member, "role")).value_or(Role::Owner);
    if (!covers(caller, role)) co_return may_not_grant(role);
    if (!covers(caller, before)) co_return may_not_grant(before);
    co_return co_await apply(std::move(caller), std::move(member), role);
}

Reply<void> Members::remove(Principal caller, std::string id) {
    CO_TRY(json::Value member, co_await find(caller.workspace, std::move(id)));
    const Role before = role_named(text_of(member, "role")).value_or(Role::Owner);
    if (!covers(caller, before)) co_return may_not_grant(before);
    CO_TRY_VOID(co_await apply(std::move(caller), std::move(member), std::nullopt));
    co_return Status();
}

Reply<void> Members::leave(std::string user, std::string workspace) {
    CO_TRY(RecordValue member,
           co_await records_.first(members_collection, filter_text("workspace", workspace, "user", user)));
    if (!member) {
        co_return Error(ErrorCode::WORKSPACE_NOT_FOUND,
                        "There is no workspace with the id '" + workspace + "'", "workspace");
    }
    Principal caller;
    caller.id = std::move(user);
    caller.workspace = std::move(workspace);
    caller.kind = PrincipalKind::User;
    CO_TRY_VOID(co_await apply(std::move(caller), std::move(*member), std::nullopt));
    co_return Status();
}

}  // namespace credvault::access
