#include "access/sessions/sessions.h"

#include <algorithm>
#include <utility>

#include "access/secret.h"
#include "access/sessions/token.h"
#include "access/system.h"
#include "base/clock.h"
#include "base/ids.h"
#include "json/writer.h"

namespace credvault::access {
namespace {

constexpr std::size_t max_user_agent_bytes = 256;

std::string session_text(const json::Value& session, const std::string& current) {
    std::string text;
    json::Writer out(text);
    const std::string id = text_of(session, "id");
    out.begin_object().key("id").string(id);
    out.key("current").boolean(id == current);
    out.key("workspace").string(text_of(session, "workspace"));
    out.key("cookie").boolean(flag_of(session, "cookie"));
    for (const char* name : {"address", "user_agent", "created_at", "refreshed_at", "expires_at"})
        out.key(name).string(text_of(session, name));
    out.end_object();
    return text;
}

/// Cut where a character begins.
std::string shortened(std::string text) {
    if (text.size() <= max_user_agent_bytes) return text;
    std::size_t end = max_user_agent_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text.resize(end);
    return text;
}

Error workspace_not_found(const std::string& id) {
    return Error(ErrorCode::WORKSPACE_NOT_FOUND, "There is no workspace with the id '" + id + "'",
                 "workspace");
}

}  // namespace

Sessions::Sessions(SystemRecords& records, Users& users, SessionSettings settings)
    : records_(records), users_(users), settings_(settings) {}

Reply<void> Sessions::open() {
    std::vector<RecordIndex> indexes;
    indexes.push_back({.name = "by_user", .fields = "user"});
    indexes.push_back({.name = "by_family", .fields = "family", .unique = true});
    indexes.push_back({.name = "by_end", .fields = "expires_at", .expires = true});
    CO_TRY_VOID(co_await records_.open(sessions_collection, std::move(indexes)));
    CO_TRY(const std::vector<json::Value> sessions, co_await records_.all(sessions_collection, "{}"));
    std::vector<std::string> owners;
    for (const json::Value& session : sessions) owners.push_back(text_of(session, "user"));
    std::sort(owners.begin(), owners.end());
    owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
    for (const std::string& user : owners) CO_TRY_VOID(co_await reload(user));
    co_return Status();
}

PrincipalRef Sessions::authenticate(std::string_view token, std::string_view workspace) const {
    Digest digest = digest_of(token);
    if (!workspace.empty()) digest = digest_within(digest, workspace);
    PrincipalRef principal = table_.find(digest);
    if (principal && principal->expires_ms <= now_ms()) return nullptr;
    return principal;
}

SessionDraft Sessions::draft(const std::string& user, const std::string& workspace,
                             const Client& client) const {
    const std::int64_t now = now_ms();
    const std::string family = make_family();
    SessionDraft draft;
    Tokens& tokens = draft.tokens;
    tokens = {make_id("ses"),
              make_token(TokenKind::Access),
              make_refresh_token(family),
              now + settings_.access_ms,
              now + settings_.refresh_ms,
              client.cookie};
    json::Writer out(draft.record);
    out.begin_object();
    out.key("id").string(tokens.session);
    out.key("user").string(user);
    out.key("workspace").string(workspace);
    out.key("address").string(client.address);
    out.key("user_agent").string(shortened(client.user_agent));
    out.key("cookie").boolean(client.cookie);
    out.key("family").string(hex_of(digest_of(family)));
    out.key("access").string(hex_of(digest_of(tokens.access)));
    out.key("refresh").string(hex_of(digest_of(tokens.refresh)));
    out.key("previous").begin_array().end_array();
    out.key("refreshed_at").string(format_time(now));
    out.key("access_expires_at").string(format_time(tokens.access_expires_ms));
    out.key("expires_at").string(format_time(tokens.refresh_expires_ms));
    out.end_object();
    return draft;
}

Reply<std::vector<query::Filter>> Sessions::surplus(std::string user) {
    CO_TRY(std::vector<json::Value> sessions,
           co_await records_.all(sessions_collection, filter_text("user", user)));
    std::vector<query::Filter> filters;
    if (sessions.size() < settings_.max_per_user) co_return filters;
    std::sort(sessions.begin(), sessions.end(), [](const json::Value& a, const json::Value& b) {
        return text_of(a, "refreshed_at") < text_of(b, "refreshed_at");
    });
    sessions.resize(sessions.size() - settings_.max_per_user + 1);
    for (const json::Value& session : sessions) filters.push_back(filter_of("id", text_of(session, "id")));
    co_return filters;
}

Reply<std::vector<Membership>> Sessions::memberships(std::string user) {
    CO_TRY(std::vector<json::Value> members,
           co_await records_.all(members_collection, filter_text("user", user)));
    std::stable_sort(members.begin(), members.end(), [](const json::Value& a, const json::Value& b) {
        return text_of(a, "created_at") < text_of(b, "created_at");
    });
    std::vector<Membership> memberships;
    for (const json::Value& member : members) {
        CO_TRY(const RecordValue workspace,
               co_await records_.get(workspaces_collection, text_of(member, "workspace")));
        const auto role = role_named(text_of(member, "role"));
        if (!workspace || flag_of(*workspace, "deleting") || !role) continue;
        memberships.push_back({text_of(*workspace, "id"), text_of(*workspace, "name"), *role,
                               flag_of(*workspace, "require_totp")});
    }
    co_return memberships;
}

Reply<void> Sessions::reload(std::string user) {
    // A later ticket began to read later, so that it saw at least what an earlier one did.
    const std::uint64_t ticket = ++tickets_;
    Result<void> read = co_await read_into_table(user, ticket);
    if (!read.ok()) publish(user, ticket, {});
    co_return read;
}

Reply<void> Sessions::read_into_table(std::string user, std::uint64_t ticket) {
    CO_TRY(const std::vector<json::Value> sessions,
           co_await records_.all(sessions_collection, filter_text("user", user)));
    CO_TRY(const std::vector<Membership> places, co_await memberships(user));
    CO_TRY(const std::optional<User> person, co_await users_.by_id(user));
    std::vector<CredentialChange> entries;
    for (const json::Value& session : sessions) {
        if (!person) break;
        for (CredentialChange& entry : entries_of(session, places, person->has_second_factor()))
            entries.push_back(std::move(entry));
    }
    publish(user, ticket, std::move(entries));
    co_return Status();
}

void Sessions::publish(const std::string& user, std::uint64_t ticket, std::vector<CredentialChange> entries) {
    std::lock_guard lock(mutex_);
    Published& known = published_[user];
    if (known.ticket > ticket) return;
    known.ticket = ticket;
    std::vector<CredentialChange> changes;
    for (const Digest& digest : known.digests) changes.push_back({digest, nullptr});
    known.digests.clear();
    for (CredentialChange& entry : entries) {
        known.digests.push_back(entry.digest);
        changes.push_back(std::move(entry));
    }
    table_.apply(changes);
}

Reply<std::vector<std::string>> Sessions::list(std::string user, std::string current) {
    CO_TRY(std::vector<json::Value> sessions,
           co_await records_.all(sessions_collection, filter_text("user", user)));
    std::stable_sort(sessions.begin(), sessions.end(), [](const json::Value& a, const json::Value& b) {
        return text_of(a, "created_at") > text_of(b, "created_at");
    });
    std::vector<std::string> texts;
    for (const json::Value& session : sessions) texts.push_back(session_text(session, current));
    co_return texts;
}

Reply<void> Sessions::end(std::string user, std::string session) {
    const query::Filter own = filter_of("user", user);
    storage::Precondition precondition;
    precondition.if_matches = &own;
    storage::WriteBatch batch = system_batch(user);
    batch.operations.push_back(storage::RemoveRecord{sessions_collection, session, std::move(precondition)});
    auto written = co_await records_.write(batch);
    CO_TRY_VOID(co_await reload(user));
    if (written.ok()) co_return Status();
    const ErrorCode code = written.error().code;
    if (code != ErrorCode::RECORD_NOT_FOUND && code != ErrorCode::PRECONDITION_FAILED)
        co_return std::move(written).error();
    co_return Error(ErrorCode::SESSION_NOT_FOUND, "There is no session with the id '" + session + "'",
                    "session");
}

Reply<void> Sessions::end_all(std::string user) {
    storage::RemoveMatches all;
    all.collection = sessions_collection;
    all.filter = filter_of("user", user);
    all.limit = storage::no_limit;
    storage::WriteBatch batch = system_batch(user);
    batch.operations.push_back(std::move(all));
    CO_TRY_VOID(co_await records_.write(batch));
    co_return co_await reload(std::move(user));
}

Reply<void> Sessions::choose(std::string user, std::string session, std::string workspace) {
    CO_TRY(const std::vector<Membership> places, co_await memberships(user));
    const bool member = std::any_of(places.begin(), places.end(),
                                    [&](const Membership& place) { return place.workspace == workspace; });
    if (!member) co_return workspace_not_found(workspace);
    const ChangeBy change([&workspace](json::Value& record) -> Status {
        record.set("workspace", workspace);
        return {};
    });
    storage::WriteBatch batch = system_batch(user);
    batch.operations.push_back(storage::ModifyRecord{sessions_collection, session, &change, {}});
    auto written = co_await records_.write(batch);
    if (!written.ok() && written.error().code == ErrorCode::RECORD_NOT_FOUND)
        co_return Error(ErrorCode::UNAUTHENTICATED, "The session has ended");
    if (!written.ok()) co_return std::move(written).error();
    co_return co_await reload(std::move(user));
}

std::string membership_text(const Membership& membership) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").string(membership.workspace);
    out.key("name").string(membership.name);
    out.key("role").string(role_name(membership.role));
    out.key("require_totp").boolean(membership.requires_second_factor);
    out.end_object();
    return text;
}

}  // namespace credvault::access
