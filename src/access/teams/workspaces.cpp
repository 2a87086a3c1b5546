#include "access/teams/workspaces.h"

#include <algorithm>
#include <utility>

#include "access/system.h"
#include "access/teams/authority.h"
#include "access/teams/member_record.h"
#include "base/ids.h"
#include "json/writer.h"

namespace credvault::access {
namespace {

/// Credentials of one workspace that a single write can remove.
constexpr std::uint64_t max_credentials = 1'000'000;
constexpr std::uint64_t removed_at_once = 1'000;

Error workspace_not_found(const std::string& id) {
    return Error(ErrorCode::WORKSPACE_NOT_FOUND, "There is no workspace with the id '" + id + "'",
                 "workspace");
}

std::string workspace_text(const json::Value& workspace, std::optional<Role> role) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").string(text_of(workspace, "id"));
    out.key("name").string(text_of(workspace, "name"));
    out.key("require_totp").boolean(flag_of(workspace, "require_totp"));
    if (role) out.key("role").string(role_name(*role));
    out.key("created_at").string(text_of(workspace, "created_at")).end_object();
    return text;
}

storage::RemoveMatches all_of(std::string_view collection, const std::string& workspace) {
    storage::RemoveMatches removal;
    removal.collection = collection;
    removal.filter = filter_of("workspace", workspace);
    removal.limit = storage::no_limit;
    return removal;
}

std::optional<Role> role_of(const std::vector<Membership>& places, const std::string& workspace) {
    for (const Membership& place : places) {
        if (place.workspace == workspace) return place.role;
    }
    return {};
}

}  // namespace

Reply<std::vector<std::string>> Workspaces::list(Principal caller) {
    std::vector<Membership> places;
    if (caller.kind == PrincipalKind::User) {
        CO_TRY(places, co_await sessions_.memberships(caller.id));
    } else {
        places.push_back({caller.workspace, {}, Role::Viewer, false});
    }
    std::vector<std::string> texts;
    for (const Membership& place : places) {
        CO_TRY(std::string text, co_await get(caller, place.workspace));
        texts.push_back(std::move(text));
    }
    co_return texts;
}

Reply<std::string> Workspaces::get(Principal caller, std::string id) {
    std::optional<Role> role;
    if (caller.kind == PrincipalKind::User) {
        CO_TRY(const std::vector<Membership> places, co_await sessions_.memberships(caller.id));
        role = role_of(places, id);
    }
    const bool own = caller.kind == PrincipalKind::User ? role.has_value() : caller.workspace == id;
    // Not even looked for: the time that takes would tell whether it is there.
    if (!own) co_return workspace_not_found(id);
    CO_TRY(const RecordValue workspace, co_await records_.get(workspaces_collection, id));
    if (!workspace || flag_of(*workspace, "deleting")) co_return workspace_not_found(id);
    co_return workspace_text(*workspace, role);
}

Reply<storage::WriteOutcome> Workspaces::create(std::string user, std::string name,
                                                std::optional<storage::Idempotency> idempotency) {
    CO_TRY_VOID(check_display_name(name, "name"));
    CO_TRY(const User owner, co_await users_.get(user));
    CO_TRY(const std::uint64_t places,
           co_await records_.count(members_collection, filter_text("user", user)));
    if (places >= max_per_user_) {
        co_return Error(ErrorCode::LIMIT_EXCEEDED, "A user belongs to " + std::to_string(max_per_user_) +
                                                       " workspaces at most: leave one first");
    }
    const std::string id = make_id("ws");
    std::string record;
    json::Writer out(record);
    out.begin_object().key("id").string(id).key("name").string(name);
    out.key("default").boolean(false).end_object();
    const std::string member =
        member_record({id, user, owner.email, owner.name, Role::Owner, owner.has_second_factor()});
    storage::WriteBatch batch = system_batch(user);
    batch.want_records = true;
    batch.idempotency = std::move(idempotency);
    batch.operations.push_back(storage::InsertRecord{workspaces_collection, record});
    batch.operations.push_back(storage::InsertRecord{members_collection, member});
    CO_TRY(storage::WriteOutcome written, co_await records_.write(batch));
    if (!written.replayed) CO_TRY_VOID(co_await sessions_.reload(user));
    co_return written;
}

std::string Workspaces::text_of_created(const storage::WriteOutcome& outcome) {
    return workspace_text(json::Value(json::View(outcome.operations.front().record)), Role::Owner);
}

Reply<void> Workspaces::reload_members(std::string workspace) {
    CO_TRY(const std::vector<json::Value> members,
           co_await records_.all(members_collection, filter_text("workspace", std::move(workspace))));
    for (const json::Value& member : members) CO_TRY_VOID(co_await sessions_.reload(text_of(member, "user")));
    co_return Status();
}

Reply<std::string> Workspaces::change(Principal caller, std::string id, WorkspaceChange change) {
    if (change.name) CO_TRY_VOID(check_display_name(*change.name, "name"));
    // Rights are those in the workspace of the call.
    if (caller.workspace != id) co_return workspace_not_found(id);
    const ChangeBy apply([&change](json::Value& record) -> Status {
        if (change.name) record.set("name", *change.name);
        if (change.require_totp) record.set("require_totp", *change.require_totp);
        return {};
    });
    storage::WriteBatch batch = system_batch(caller.id);
    batch.operations.push_back(storage::ModifyRecord{workspaces_collection, id, &apply, {}});
    require_authority(caller, batch);
    auto written = co_await records_.write(batch);
    if (!written.ok() && written.error().code == ErrorCode::PRECONDITION_FAILED)
        co_return Error(ErrorCode::FORBIDDEN, "Your role in this workspace has just changed");
    if (!written.ok() && written.error().code == ErrorCode::RECORD_NOT_FOUND)
        co_return workspace_not_found(id);
    if (!written.ok()) co_return std::move(written).error();
    if (change.require_totp) CO_TRY_VOID(co_await reload_members(id));
    co_return co_await get(std::move(caller), std::move(id));
}

Reply<void> Workspaces::begin_deletion(Principal caller, std::string id, std::string name) {
    if (caller.workspace != id) co_return workspace_not_found(id);
    const query::Filter named = filter_of("name", name);
    storage::Precondition precondition;
    precondition.if_matches = &named;
    const ChangeBy mark([](json::Value& record) -> Status {
        record.set("deleting", true);
        return {};
    });
    storage::WriteBatch batch = system_batch(caller.id);
    batch.max_examined = batch.max_matched = max_credentials;
    batch.operations.push_back(storage::ModifyRecord{workspaces_collection, id, &mark, precondition});
    require_authority(caller, batch);
    // Members stay until the job comes to them: the mark is what ends their access, and they say whom to reload.
    for (const std::string_view collection :
         {api_keys_collection, invitations_collection, invitation_secrets_collection}) {
        batch.operations.push_back(all_of(collection, id));
    }
    auto written = co_await records_.write(batch);
    if (!written.ok() && written.error().code == ErrorCode::PRECONDITION_FAILED) {
        if (failed_operation(written.error()) == 0) {
            co_return Error(ErrorCode::INVALID_PARAMETER, "name must be the workspace's name, to confirm it",
                            "name");
        }
        co_return Error(ErrorCode::FORBIDDEN, "Your role in this workspace has just changed");
    }
    if (!written.ok() && written.error().code == ErrorCode::RECORD_NOT_FOUND)
        co_return workspace_not_found(id);
    if (!written.ok()) co_return std::move(written).error();
    CO_TRY_VOID(co_await keys_.load());
    co_return co_await reload_members(std::move(id));
}

Reply<std::vector<std::string>> Workspaces::deleting() {
    CO_TRY(const std::vector<json::Value> found,
           co_await records_.all(workspaces_collection, filter_text("deleting", true)));
    std::vector<std::string> ids;
    for (const json::Value& workspace : found) ids.push_back(text_of(workspace, "id"));
    co_return ids;
}

Reply<void> Workspaces::remove_records(std::string id, std::vector<std::string> kept, std::string job) {
    json::Value::Object filter{{"workspace", id}, {"id", json::Value::Object{{"$ne", job}}}};
    const std::string others = json::Value(std::move(filter)).text();
    kept.emplace_back(workspaces_collection);
    CO_TRY(const std::vector<storage::CollectionInfo> collections,
           co_await records_.engine().list_collections(system_database));
    for (const storage::CollectionInfo& collection : collections) {
        if (std::find(kept.begin(), kept.end(), collection.name) != kept.end()) continue;
        // In pieces, so that no write of others waits long.
        while (true) {
            CO_TRY(const std::vector<json::Value> some,
                   co_await records_.all(collection.name, others, removed_at_once));
            if (some.empty()) break;
            std::vector<std::string> ids;
            for (const json::Value& record : some) ids.push_back(text_of(record, "id"));
            storage::WriteBatch batch = system_batch();
            batch.on_failure = storage::OnFailure::Skip;
            for (const std::string& record : ids)
                batch.operations.push_back(storage::RemoveRecord{collection.name, record, {}});
            CO_TRY_VOID(co_await records_.write(batch));
        }
    }
    co_return Status();
}

Reply<void> Workspaces::finish_deletion(std::string id) {
    storage::WriteBatch batch = system_batch();
    batch.operations.push_back(storage::RemoveRecord{workspaces_collection, id, {}});
    auto written = co_await records_.write(batch);
    if (!written.ok() && written.error().code != ErrorCode::RECORD_NOT_FOUND)
        co_return std::move(written).error();
    co_return Status();
}

}  // namespace credvault::access
