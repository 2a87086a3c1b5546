// How users, sessions and workspaces look in answers, and what signing in answers with (as shapes.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/identity.h"
#include "api/codecs.h"
#include "api/context.h"
#include "api/session_answer.h"

namespace credvault::api {

template <>
struct EnumNames<access::Role> {
    static constexpr auto names =
        std::to_array<std::pair<std::string_view, access::Role>>({{"owner", access::Role::Owner},
                                                                  {"admin", access::Role::Admin},
                                                                  {"developer", access::Role::Developer},
                                                                  {"viewer", access::Role::Viewer}});
};

struct UserShape {
    std::string id, email, name;
    bool second_factor = false;
    std::string created_at;

    static constexpr std::string_view schema_name = "User";
    static Fields fields();
    static UserShape of(const access::User& user);
};

/// A workspace as one of its members sees it.
struct MembershipShape {
    std::string id, name;
    access::Role role = access::Role::Viewer;
    bool require_totp = false;

    static constexpr std::string_view schema_name = "Membership";
    static Fields fields();
    static MembershipShape of(const access::Membership& membership);
};

struct SignedInShape {
    UserShape user;
    std::string session;
    std::optional<MembershipShape> workspace;
    std::vector<MembershipShape> workspaces;
    std::optional<std::string> access_token, refresh_token, csrf_token;
    std::string token_type = "Bearer";
    std::int64_t expires_in = 0;
    std::int64_t refresh_expires_in = 0;

    static constexpr std::string_view schema_name = "SignedIn";
    static Fields fields();
};

struct SessionShape {
    std::optional<std::string> id, workspace, address, user_agent, created_at, refreshed_at, expires_at;
    std::optional<bool> current, cookie;

    static constexpr std::string_view schema_name = "Session";
    static Fields fields();
};

struct WorkspaceShape {
    std::optional<std::string> id, name, created_at;
    std::optional<bool> require_totp;
    std::optional<access::Role> role;

    static constexpr std::string_view schema_name = "Workspace";
    static Fields fields();
};

struct MemberShape {
    std::optional<std::string> id, user, email, name, created_at;
    std::optional<access::Role> role;
    std::optional<bool> second_factor;

    static constexpr std::string_view schema_name = "Member";
    static Fields fields();
};

struct InvitationShape {
    std::optional<std::string> id, email, status, invited_by, created_at, expires_at;
    std::optional<access::Role> role;

    static constexpr std::string_view schema_name = "Invitation";
    static Fields fields();
};

struct WorkspacePath {
    std::string_view workspace;
    static Fields fields() {
        return {path(
            &WorkspacePath::workspace, "workspace",
            {.description = "The workspace's id.", .example = "ws_4f7Qd2h8Jk1Lm9Np0Rs3", .max_length = 64})};
    }
};

/// A session's beginning as it is answered: with its tokens in the body, or in cookies.
Reply<WithCookies<SignedInShape>> signed_in(Context& context, access::User user, access::Tokens tokens);

}  // namespace credvault::api
