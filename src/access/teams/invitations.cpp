#include "access/teams/invitations.h"

#include <utility>

#include "access/secret.h"
#include "access/sessions/token.h"
#include "access/system.h"
#include "access/teams/authority.h"
#include "access/users/email.h"
#include "base/clock.h"
#include "base/ids.h"
#include "json/writer.h"

namespace credvault::access {
namespace {

constexpr std::string_view open_state = "open";
constexpr std::int64_t day_ms = 86'400'000;
/// Invitations that are over stay in the list so long.
constexpr std::int64_t kept_ms = 30 * day_ms;

Error invitation_not_found(const std::string& id) {
    return Error(ErrorCode::INVITATION_NOT_FOUND, "There is no invitation with the id '" + id + "'",
                 "invitation");
}

const query::HiddenFieldsRef& unseen() {
    static const query::HiddenFieldsRef members = hidden_members({"workspace", "removed_at"});
    return members;
}

struct InvitationRecord {
    std::string_view id, workspace, email, invited_by;
    Role role;
    std::int64_t expires_ms;
};

std::string invitation_record(const InvitationRecord& invitation) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").string(invitation.id);
    out.key("workspace").string(invitation.workspace);
    out.key("email").string(invitation.email);
    out.key("role").string(role_name(invitation.role));
    out.key("status").string(open_state);
    out.key("invited_by").string(invitation.invited_by);
    out.key("expires_at").string(format_time(invitation.expires_ms));
    out.key("removed_at").string(format_time(invitation.expires_ms + kept_ms)).end_object();
    return text;
}

std::string secret_record(std::string_view id, std::string_view workspace, std::string_view token) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").string(id);
    out.key("workspace").string(workspace);
    out.key("hash").string(hex_of(digest_of(token))).end_object();
    return text;
}

storage::CheckMatches none_of(std::string_view collection, query::Filter filter) {
    storage::CheckMatches check;
    check.collection = collection;
    check.filter = std::move(filter);
    check.exists = false;
    return check;
}

ChangeBy ending(std::string_view status) {
    return ChangeBy([status](json::Value& record) -> Status {
        record.set("status", status);
        return {};
    });
}

}  // namespace

Invitations::Invitations(InvitationParts parts, InvitationSettings settings)
    : parts_(parts), settings_(std::move(settings)) {}

Reply<void> Invitations::open() {
    std::vector<RecordIndex> indexes;
    indexes.push_back({.name = "by_email", .fields = "workspace,email"});
    indexes.push_back({.name = "by_end", .fields = "removed_at", .expires = true});
    CO_TRY_VOID(co_await parts_.records.open(invitations_collection, std::move(indexes)));
    std::vector<RecordIndex> by_hash;
    by_hash.push_back({.name = "by_hash", .fields = "hash", .unique = true});
    by_hash.push_back({.name = "by_workspace", .fields = "workspace"});
    co_return co_await parts_.records.open(invitation_secrets_collection, std::move(by_hash));
}

Reply<void> Invitations::check_new(const Principal& caller, const NewInvitation& invitation) {
    if (!covers(caller, invitation.role)) co_return may_not_grant(invitation.role);
    const std::string place = filter_text("workspace", caller.workspace, "email", invitation.email);
    CO_TRY(const std::uint64_t members, co_await parts_.records.count(members_collection, place));
    if (members > 0) {
        co_return Error(ErrorCode::ALREADY_EXISTS, invitation.email + " is a member of the workspace already",
                        "email");
    }
    CO_TRY(const std::uint64_t open,
           co_await parts_.records.count(invitations_collection,
                                         filter_text("workspace", caller.workspace, "status", open_state)));
    if (open >= settings_.max_open) {
        co_return Error(ErrorCode::LIMIT_EXCEEDED, "A workspace has " + std::to_string(settings_.max_open) +
                                                       " open invitations at most: revoke some");
    }
    co_return Status();
}

Mail Invitations::mail_of(const std::string& workspace_name, const std::string& email,
                          const std::string& link) const {
    return {email, "Invitation to " + workspace_name,
            "You are invited to the workspace \"" + workspace_name +
                "\" on CredVault.\n\nAccept the invitation here:\n" + link +
                "\n\nIf you did not expect it, do nothing.\n"};
}

Reply<Invited> Invitations::create(Principal caller, NewInvitation invitation) {
    CO_TRY(invitation.email, normalised_email(invitation.email));
    CO_TRY_VOID(co_await check_new(caller, invitation));
    const std::string workspace = caller.workspace;
    CO_TRY(const RecordValue place, co_await parts_.records.get(workspaces_collection, workspace));
    const std::int64_t now = now_ms();
    const std::int64_t life = invitation.days ? *invitation.days * day_ms : settings_.life_ms;
    Invited invited;
    invited.id = make_id("inv");
    invited.token = make_token(TokenKind::Invitation);
    invited.link = settings_.public_url + "/invitation#token=" + invited.token;
    const std::string record =
        invitation_record({invited.id, workspace, invitation.email, caller.id, invitation.role, now + life});
    const std::string secret = secret_record(invited.id, workspace, invited.token);
    const std::string mail = parts_.outbox.record(
        mail_of(place ? text_of(*place, "name") : std::string(), invitation.email, invited.link));
    storage::WriteBatch batch = system_batch(caller.id);
    batch.want_records = true;
    batch.operations.push_back(storage::InsertRecord{invitations_collection, record});
    batch.operations.push_back(living_workspace(workspace));
    require_authority(caller, batch);
    batch.operations.push_back(storage::InsertRecord{invitation_secrets_collection, secret});
    if (parts_.outbox.sends()) batch.operations.push_back(storage::InsertRecord{outbox_collection, mail});
    // Of two invitations of one email at once the second one finds the first.
    json::Value::Object twin{{"workspace", workspace},
                             {"email", invitation.email},
                             {"status", open_state},
                             {"expires_at", json::Value::Object{{"$gt", format_time(now)}}},
                             {"id", json::Value::Object{{"$ne", invited.id}}}};
    const std::size_t twin_at = batch.operations.size();
    batch.operations.push_back(
        none_of(invitations_collection, parsed_filter(json::Value(std::move(twin)).text())));
    auto written = co_await parts_.records.write(batch);
    if (!written.ok() && written.error().code == ErrorCode::PRECONDITION_FAILED) {
        if (failed_operation(written.error()) == twin_at) {
            co_return Error(ErrorCode::ALREADY_EXISTS,
                            invitation.email + " is invited already: revoke that first", "email");
        }
        co_return Error(ErrorCode::FORBIDDEN, "Your role in this workspace has just changed");
    }
    if (!written.ok()) co_return std::move(written).error();
    invited.text = public_text(json::Value(json::View(written->operations.front().record)), *unseen());
    if (parts_.outbox.sends()) {
        parts_.outbox.wake();
        invited.token.clear();
        invited.link.clear();
    }
    co_return invited;
}

Reply<storage::Listing> Invitations::list(std::string workspace, storage::ListQuery query) {
    return parts_.records.list(invitations_collection, filter_text("workspace", workspace), std::move(query),
                               unseen());
}

Reply<std::string> Invitations::get(std::string workspace, std::string id) {
    CO_TRY(const RecordValue found, co_await parts_.records.get(invitations_collection, id));
    if (!found || text_of(*found, "workspace") != workspace) co_return invitation_not_found(id);
    co_return public_text(*found, *unseen());
}

Reply<void> Invitations::revoke(Principal caller, std::string id) {
    const query::Filter open = filter_of("workspace", caller.workspace, "status", open_state);
    storage::Precondition precondition;
    precondition.if_matches = &open;
    const ChangeBy revoked = ending("revoked");
    storage::WriteBatch batch = system_batch(caller.id);
    batch.operations.push_back(storage::ModifyRecord{invitations_collection, id, &revoked, precondition});
    batch.operations.push_back(storage::RemoveRecord{invitation_secrets_collection, id, {}});
    auto written = co_await parts_.records.write(batch);
    if (written.ok()) co_return Status();
    const ErrorCode code = written.error().code;
    if (code == ErrorCode::RECORD_NOT_FOUND || code == ErrorCode::PRECONDITION_FAILED)
        co_return invitation_not_found(id);
    co_return std::move(written).error();
}

}  // namespace credvault::access
