#include "access/sessions/session_principals.h"

#include "access/records.h"
#include "access/secret.h"

namespace credvault::access {
namespace {

PrincipalRef principal_of(const json::Value& session, const Membership* member, bool has_second_factor) {
    Principal principal;
    principal.id = text_of(session, "user");
    principal.session = text_of(session, "id");
    principal.kind = PrincipalKind::User;
    // What can't be read must not mean "for ever".
    principal.expires_ms = std::max<std::int64_t>(time_of(session, "access_expires_at"), 1);
    if (member != nullptr) {
        principal.workspace = member->workspace;
        principal.scopes = scopes_of(*member, has_second_factor);
        // Without scopes he is no owner either, until he has enrolled.
        principal.role = principal.scopes == ScopeSet() ? Role::Viewer : member->role;
    }
    return std::make_shared<const Principal>(std::move(principal));
}

}  // namespace

Digest digest_within(const Digest& token, std::string_view workspace) {
    std::string text(reinterpret_cast<const char*>(token.data()), token.size());
    return digest_of(text.append(workspace));
}

ScopeSet scopes_of(const Membership& member, bool has_second_factor) {
    return member.requires_second_factor && !has_second_factor ? ScopeSet() : scopes_of(member.role);
}

const Membership* chosen(const std::vector<Membership>& memberships, std::string_view workspace) {
    for (const Membership& member : memberships) {
        if (member.workspace == workspace) return &member;
    }
    return memberships.empty() ? nullptr : &memberships.front();
}

std::vector<CredentialChange> entries_of(const json::Value& session,
                                         const std::vector<Membership>& memberships, bool has_second_factor) {
    const auto token = digest_from_hex(text_of(session, "access"));
    if (!token) return {};
    std::vector<CredentialChange> entries;
    const Membership* own = chosen(memberships, text_of(session, "workspace"));
    entries.push_back({*token, principal_of(session, own, has_second_factor)});
    for (const Membership& member : memberships) {
        entries.push_back(
            {digest_within(*token, member.workspace), principal_of(session, &member, has_second_factor)});
    }
    return entries;
}

}  // namespace credvault::access
