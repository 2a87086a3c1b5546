#include "api/endpoints/identity_shapes.h"

#include <algorithm>
#include <utility>

#include "access/sessions/token.h"
#include "api/call.h"
#include "base/clock.h"

namespace credvault::api {

Fields UserShape::fields() {
    using S = UserShape;
    return {body(&S::id, "id", {.description = "His id.", .example = "usr_4f7Qd2h8Jk1Lm9Np0Rs3"}),
            body(&S::email, "email", {.description = "In lower case.", .example = "ada@example.com"}),
            body(&S::name, "name", {.description = "For people.", .example = "Ada"}),
            body(&S::second_factor, "second_factor",
                 {.description = "Whether signing in takes a code.", .example = "false"}),
            body(&S::created_at, "created_at",
                 {.description = "When it was made.", .example = "2026-01-31T12:00:00.000Z"})};
}

UserShape UserShape::of(const access::User& user) {
    return {user.id, user.email, user.name, user.has_second_factor(), user.created_at};
}

Fields MembershipShape::fields() {
    using S = MembershipShape;
    return {body(&S::id, "id", {.description = "The workspace's id.", .example = "ws_4f7Qd2h8Jk1Lm9Np0Rs3"}),
            body(&S::name, "name", {.description = "The workspace's name.", .example = "Acme"}),
            body(&S::role, "role", {.description = "The user's role in it.", .example = "owner"}),
            body(&S::require_totp, "require_totp",
                 {.description = "Whether its members must have a second factor.", .example = "false"})};
}

MembershipShape MembershipShape::of(const access::Membership& membership) {
    return {membership.workspace, membership.name, membership.role, membership.requires_second_factor};
}

Fields SignedInShape::fields() {
    using S = SignedInShape;
    return {body(&S::user, "user", {.description = "Who is signed in."}),
            body(&S::session, "session", {.description = "The session's id.", .example = "ses_4f7Qd2h8"}),
            body(&S::workspace, "workspace",
                 {.description = "The one that calls act in; missing where the user belongs to none."}),
            body(&S::workspaces, "workspaces", {.description = "All that the user belongs to."}),
            body(&S::access_token, "access_token",
                 {.description = "For `Authorization: Bearer …`. Not with cookies.", .example = "cva_…"}),
            body(&S::refresh_token, "refresh_token",
                 {.description = "For one call of refresh. Not with cookies.", .example = "cvr_…"}),
            body(&S::csrf_token, "csrf_token",
                 {.description = "With cookies: what calls that change something send as X-CSRF-Token."}),
            body(&S::token_type, "token_type", {.description = "Always `Bearer`.", .example = "Bearer"}),
            body(&S::expires_in, "expires_in",
                 {.description = "Seconds that the access token lives.", .example = "3600", .min = 0}),
            body(&S::refresh_expires_in, "refresh_expires_in",
                 {.description = "Seconds that the refresh token lives.", .example = "2592000", .min = 0})};
}

Fields SessionShape::fields() {
    using S = SessionShape;
    return {
        body(&S::id, "id", {.description = "Its id.", .example = "ses_4f7Qd2h8"}),
        body(&S::current, "current", {.description = "Whether it is the one that asks.", .example = "true"}),
        body(&S::workspace, "workspace", {.description = "The id of the workspace that it acts in."}),
        body(&S::cookie, "cookie", {.description = "Whether it is a browser's.", .example = "false"}),
        body(&S::address, "address",
             {.description = "Where it was last signed in or refreshed from.", .example = "192.0.2.7"}),
        body(&S::user_agent, "user_agent", {.description = "The program that signed in."}),
        body(&S::created_at, "created_at",
             {.description = "When it began.", .example = "2026-01-31T12:00:00.000Z"}),
        body(&S::refreshed_at, "refreshed_at",
             {.description = "When it was last refreshed.", .example = "2026-01-31T12:00:00.000Z"}),
        body(&S::expires_at, "expires_at",
             {.description = "When it ends unless it is refreshed.", .example = "2026-03-02T12:00:00.000Z"})};
}

Fields WorkspaceShape::fields() {
    using S = WorkspaceShape;
    return {body(&S::id, "id", {.description = "Its id.", .example = "ws_4f7Qd2h8Jk1Lm9Np0Rs3"}),
            body(&S::name, "name", {.description = "For people; need not be unique.", .example = "Acme"}),
            body(&S::require_totp, "require_totp",
                 {.description = "Whether its members must have a second factor.", .example = "false"}),
            body(&S::role, "role", {.description = "The caller's role in it, where he is a user."}),
            body(&S::created_at, "created_at",
                 {.description = "When it was made.", .example = "2026-01-31T12:00:00.000Z"})};
}

Fields MemberShape::fields() {
    using S = MemberShape;
    return {
        body(&S::id, "id", {.description = "The membership's id.", .example = "mem_4f7Qd2h8"}),
        body(&S::user, "user", {.description = "The user's id.", .example = "usr_4f7Qd2h8"}),
        body(&S::email, "email", {.description = "His email.", .example = "ada@example.com"}),
        body(&S::name, "name", {.description = "His name.", .example = "Ada"}),
        body(&S::role, "role", {.description = "What he may do.", .example = "developer"}),
        body(&S::second_factor, "second_factor", {.description = "Whether he has one.", .example = "false"}),
        body(&S::created_at, "created_at",
             {.description = "Since when.", .example = "2026-01-31T12:00:00.000Z"})};
}

Fields InvitationShape::fields() {
    using S = InvitationShape;
    return {body(&S::id, "id", {.description = "Its id.", .example = "inv_4f7Qd2h8"}),
            body(&S::email, "email", {.description = "Who is invited.", .example = "bob@example.com"}),
            body(&S::role, "role", {.description = "What he will be.", .example = "developer"}),
            body(&S::status, "status",
                 {.description = "`open` (until expires_at), `accepted` or `revoked`.", .example = "open"}),
            body(&S::invited_by, "invited_by", {.description = "The user or key that invited him."}),
            body(&S::created_at, "created_at",
                 {.description = "When it was made.", .example = "2026-01-31T12:00:00.000Z"}),
            body(&S::expires_at, "expires_at",
                 {.description = "Until when it can be accepted.", .example = "2026-02-07T12:00:00.000Z"})};
}

Reply<WithCookies<SignedInShape>> signed_in(Context& context, access::User user, access::Tokens tokens) {
    access::Sessions& sessions = context.services.identity.sessions;
    CO_TRY(const std::vector<access::Membership> places, co_await sessions.memberships(user.id));
    const std::int64_t now = now_ms();
    WithCookies<SignedInShape> answer;
    SignedInShape& shape = answer.value;
    shape.user = UserShape::of(user);
    shape.session = tokens.session;
    for (const access::Membership& place : places) shape.workspaces.push_back(MembershipShape::of(place));
    const auto principal = sessions.authenticate(tokens.access, {});
    context.subject = {user.id, principal ? principal->workspace : std::string()};
    const auto* here = principal ? access::chosen(places, principal->workspace) : nullptr;
    if (here != nullptr) shape.workspace = MembershipShape::of(*here);
    shape.expires_in = (tokens.access_expires_ms - now) / 1000;
    shape.refresh_expires_in = (tokens.refresh_expires_ms - now) / 1000;
    if (tokens.cookie) {
        shape.csrf_token = access::csrf_token_of(tokens.access);
        answer.cookies = access::session_cookies(tokens.access, tokens.refresh, shape.refresh_expires_in,
                                                 context.http.secure);
    } else {
        shape.access_token = std::move(tokens.access);
        shape.refresh_token = std::move(tokens.refresh);
    }
    co_return answer;
}

}  // namespace credvault::api
