// Sessions of users: records of the system database that hold the digests of their tokens, and the table that access
// tokens are checked against, of which every call that ends or changes a session, a membership or a user makes the
// user's part anew before it answers. Thread-safe once open() is done.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/records.h"
#include "access/sessions/session_principals.h"
#include "access/users/users.h"

namespace credvault::access {

struct SessionSettings {
    std::int64_t access_ms = 3'600'000;           ///< Life of an access token.
    std::int64_t refresh_ms = 30LL * 86'400'000;  ///< Of a refresh token, and of a session that rests.
    std::int64_t retry_ms = 30'000;  ///< How long a refresh whose answer was lost may be repeated.
    std::size_t max_per_user = 100;  ///< Beyond it the oldest one ends.
};

/// Who calls, as sessions are shown.
struct Client {
    std::string address, user_agent;
    bool cookie = false;  ///< A browser, whose tokens travel in cookies.
};

/// The tokens of a session, which are nowhere else afterwards.
struct Tokens {
    std::string session, access, refresh;
    std::int64_t access_expires_ms = 0;
    std::int64_t refresh_expires_ms = 0;
    bool cookie = false;
};

/// A session that is not written yet.
struct SessionDraft {
    Tokens tokens;
    std::string record;
};

class Sessions {
public:
    Sessions(SystemRecords& records, Users& users, SessionSettings settings);

    /// Reads all sessions.
    Reply<void> open();

    /// Who presents this access token, in the workspace that the call names, or in the session's where it names none.
    /// Null where the token is unknown, expired or ended, or its user is no member there. Takes no lock.
    PrincipalRef authenticate(std::string_view token, std::string_view workspace) const;

    /// A new session for a batch of the caller's, who calls reload() when it is written.
    SessionDraft draft(const std::string& user, const std::string& workspace, const Client& client) const;
    /// Filters of the user's oldest sessions, as many as must go for a new one.
    Reply<std::vector<query::Filter>> surplus(std::string user);
    /// Makes the user's part of the table anew, from what is stored. Call it when a write that concerns him is done,
    /// before its answer. Fails as the store does; the user's tokens are then refused until it succeeds.
    Reply<void> reload(std::string user);

    struct Refreshed {
        Tokens tokens;
        std::string user;
    };
    /// New tokens for a refresh token, which is used up. An old one ends the session, unless it is the last one, used
    /// within the time for retries. Fails with UNAUTHENTICATED.
    Reply<Refreshed> refresh(std::string token, Client client);

    /// Public texts, newest first; `current` is marked.
    Reply<std::vector<std::string>> list(std::string user, std::string current);
    /// Fails with SESSION_NOT_FOUND, also for another user's.
    Reply<void> end(std::string user, std::string session);
    Reply<void> end_all(std::string user);
    /// Makes a workspace the session's own. Fails with WORKSPACE_NOT_FOUND where the user is no member.
    Reply<void> choose(std::string user, std::string session, std::string workspace);

    /// The user's memberships in workspaces that are not being deleted, the oldest first.
    Reply<std::vector<Membership>> memberships(std::string user);
    std::size_t count() const { return table_.size(); }

private:
    struct Published {
        std::uint64_t ticket = 0;
        std::vector<Digest> digests;
    };

    Reply<void> read_into_table(std::string user, std::uint64_t ticket);
    void publish(const std::string& user, std::uint64_t ticket, std::vector<CredentialChange> entries);
    Reply<std::optional<Refreshed>> try_refresh(std::string token, std::string family, Client client);
    Reply<Refreshed> rotate(json::Value session, std::string family, bool retry, Client client);

    SystemRecords& records_;
    Users& users_;
    const SessionSettings settings_;
    CredentialTable table_;
    std::atomic<std::uint64_t> tickets_{0};
    std::mutex mutex_;
    std::unordered_map<std::string, Published> published_;  ///< By user; what of him is in the table.
};

/// A membership as answers show it: {"id","name","role","require_totp"}.
std::string membership_text(const Membership& membership);

}  // namespace credvault::access
