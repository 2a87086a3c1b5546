// Users, sessions, workspaces and their members put together: what api/ and app/ reach. The engine and the keys must
// outlive it. Opened on one thread; thread-safe afterwards.
#pragma once

#include <optional>
#include <string>

#include "access/allotments.h"
#include "access/api_keys.h"
#include "access/mail/outbox.h"
#include "access/sessions/sessions.h"
#include "access/sessions/sign_in.h"
#include "access/teams/invitations.h"
#include "access/teams/members.h"
#include "access/teams/workspaces.h"
#include "access/users/password_reset.h"

namespace credvault::access {

struct IdentitySettings {
    PasswordSettings passwords;
    SignInSettings sign_in;
    SessionSettings sessions;
    OutboxSettings outbox;
    std::int64_t reset_ms = 3'600'000;              ///< Life of a code to reset a password.
    std::int64_t invitation_ms = 7LL * 86'400'000;  ///< Of an invitation that names no other.
    std::size_t max_invitations = 1'000;            ///< Open ones, per workspace.
    std::size_t max_workspaces = 100;               ///< That a user may belong to when he makes another.
    std::string public_url =
        "http://127.0.0.1:8080";  ///< Of the dashboard, for links in mails; no slash at the end.
};

class Identity {
public:
    /// `allotments` may be null: then there are no quotas.
    Identity(storage::Engine& engine, ApiKeys& keys, ServerKey key, const IdentitySettings& settings,
             Allotments* allotments = nullptr);

    /// Makes what is missing of the system's collections and reads the sessions. `workspace` is the first owner's.
    /// Returns the code for the first owner where there is no user yet.
    Reply<std::optional<std::string>> open(std::string workspace);
    /// Who says how many members a workspace may have; before open(), and outlives it.
    void limit_by(Allotments& allotments) { invitations.limit_by(allotments); }
    /// Begins to send mail.
    void start() { outbox.start(); }
    void stop() { outbox.stop(); }
    const std::string& public_url() const { return public_url_; }

private:
    SystemRecords records_;
    const ServerKey key_;
    const std::string public_url_;

public:
    PasswordHashing passwords;
    Users users;
    Sessions sessions;
    SecondFactor second_factor;
    Outbox outbox;
    SignIn sign_in;
    PasswordReset password_reset;
    Workspaces workspaces;
    Members members;
    Invitations invitations;
};

}  // namespace credvault::access
