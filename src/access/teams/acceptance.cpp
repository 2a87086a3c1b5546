// Accepting an invitation: who it is that joins, and the one write that makes him a member (invitations.h).
#include <utility>

#include "access/secret.h"
#include "access/sessions/token.h"
#include "access/system.h"
#include "access/teams/authority.h"
#include "access/teams/invitations.h"
#include "access/teams/member_record.h"
#include "base/clock.h"
#include "base/ids.h"

namespace credvault::access {
namespace {

Error invalid_token() {
    return Error(ErrorCode::INVALID_CODE,
                 "The invitation is unknown, used, revoked or expired: ask for a new one", "token");
}

/// What a failed write means to who accepts.
Error refusal(Error error) {
    switch (error.code) {
        case ErrorCode::PRECONDITION_FAILED:
        case ErrorCode::RECORD_NOT_FOUND: return invalid_token();
        case ErrorCode::DUPLICATE_KEY:
            return Error(ErrorCode::ALREADY_EXISTS, "This email has an account, or is a member, already");
        case ErrorCode::QUOTA_EXCEEDED: error.field.clear(); return error;
        default: return error;
    }
}

}  // namespace

Reply<json::Value> Invitations::open_invitation(std::string token) {
    if (!is_token(TokenKind::Invitation, token)) co_return invalid_token();
    CO_TRY(const RecordValue secret,
           co_await parts_.records.first(invitation_secrets_collection,
                                         filter_text("hash", hex_of(digest_of(token)))));
    if (!secret) co_return invalid_token();
    CO_TRY(RecordValue invitation,
           co_await parts_.records.get(invitations_collection, text_of(*secret, "id")));
    if (!invitation || text_of(*invitation, "status") != "open" ||
        time_of(*invitation, "expires_at") <= now_ms()) {
        co_return invalid_token();
    }
    co_return std::move(*invitation);
}

Reply<Accepted> Invitations::accept(const Principal* caller, Acceptance acceptance, std::string address) {
    const std::string from = "address/" + address;
    const std::string signed_in = caller != nullptr ? caller->id : std::string();
    CO_TRY_VOID(parts_.addresses.begin(from));
    CO_TRY(json::Value invitation, co_await open_invitation(acceptance.token));
    parts_.addresses.forgive(from);
    const std::string email = text_of(invitation, "email");
    CO_TRY(std::optional<User> user, co_await parts_.users.by_email(email));
    if (!signed_in.empty() && (!user || user->id != signed_in)) {
        co_return Error(ErrorCode::FORBIDDEN,
                        "The invitation is for another email than that of the user who is signed in");
    }
    if (user && signed_in.empty()) {
        co_return Error(
            ErrorCode::UNAUTHENTICATED,
            "There is an account with the invited email: sign in, then accept with its access token");
    }
    const std::string workspace = text_of(invitation, "workspace");
    CO_TRY(User joined, co_await join(std::move(invitation), std::move(user), std::move(acceptance)));
    CO_TRY(const std::vector<Membership> places, co_await parts_.sessions.memberships(joined.id));
    for (const Membership& place : places) {
        if (place.workspace == workspace) co_return Accepted{std::move(joined), place};
    }
    co_return invalid_token();
}

Reply<User> Invitations::join(json::Value invitation, std::optional<User> user, Acceptance acceptance) {
    const std::string id = text_of(invitation, "id");
    const std::string workspace = text_of(invitation, "workspace");
    NewUser fresh;
    if (!user) {
        fresh = {make_id("usr"), text_of(invitation, "email"), acceptance.name, {}};
        if (acceptance.password.empty()) {
            co_return Error(ErrorCode::MISSING_PARAMETER,
                            "The invited email has no account yet: send password and name to make it",
                            "password");
        }
        CO_TRY_VOID(check_display_name(fresh.name, "name"));
        CO_TRY_VOID(check_password(acceptance.password, fresh.email, "password"));
        CO_TRY(fresh.password_hash, co_await parts_.passwords.hash(acceptance.password));
    }
    const std::string user_id = user ? user->id : fresh.id;
    const std::string record = user_record(fresh);
    const std::string member =
        member_record({workspace, user_id, text_of(invitation, "email"), user ? user->name : fresh.name,
                       role_named(text_of(invitation, "role")).value_or(Role::Viewer),
                       user && user->has_second_factor(), !user});
    const query::Filter open = filter_of("status", "open");
    storage::Precondition precondition;
    precondition.if_matches = &open;
    const ChangeBy accepted([](json::Value& stored) -> Status {
        stored.set("status", "accepted");
        return {};
    });
    storage::WriteBatch batch = system_batch(user_id);
    batch.operations.push_back(storage::ModifyRecord{invitations_collection, id, &accepted, precondition});
    batch.operations.push_back(storage::RemoveRecord{invitation_secrets_collection, id, {}});
    batch.operations.push_back(living_workspace(workspace));
    if (!user) batch.operations.push_back(storage::InsertRecord{users_collection, record});
    if (parts_.allotments != nullptr) {
        auto room = parts_.allotments->room(workspace, Counted::Members);
        if (room) batch.operations.push_back(std::move(*room));
    }
    batch.operations.push_back(storage::InsertRecord{members_collection, member});
    auto room = allotments_ != nullptr ? allotments_->room(workspace, Counted::Members, 1) : std::nullopt;
    if (room) batch.operations.emplace_back(*std::move(room));
    auto written = co_await parts_.records.write(batch);
    if (!written.ok()) co_return refusal(std::move(written).error());
    CO_TRY_VOID(co_await parts_.sessions.reload(user_id));
    co_return co_await parts_.users.get(user_id);
}

}  // namespace credvault::access
