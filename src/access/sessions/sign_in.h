// Signing in: the first owner, passwords and second factors, each attempt counted against the account and the address.
// An unknown account costs and answers what a wrong password does. Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/sessions/sessions.h"
#include "access/sessions/throttle.h"
#include "access/users/password.h"
#include "access/users/second_factor.h"

namespace credvault::access {

struct SignInSettings {
    ThrottleSettings accounts;
    std::int64_t address_attempts = 30;  ///< Free ones; the waits are those of accounts.
};

/// What somebody gives to sign in.
struct Credentials {
    std::string email, password;
    SecondFactorCodes second;
};

/// What becomes of the first start's code: the first owner.
struct FirstOwner {
    std::string code, email, password, name;
};

struct SignedIn {
    User user;
    Tokens tokens;
};

/// The services that signing in is made of. References; they outlive it.
struct SignInParts {
    SystemRecords& records;
    Users& users;
    Sessions& sessions;
    SecondFactor& second_factor;
    PasswordHashing& passwords;
};

class SignIn {
public:
    SignIn(SignInParts parts, SignInSettings settings);

    /// Makes a code for the first owner where there is no user yet, to be shown by who starts the server; nothing where
    /// there is one. `workspace` is the one that the first owner gets.
    Reply<std::optional<std::string>> open(std::string workspace);
    /// The first owner, signed in. Fails with ALREADY_EXISTS where there is a user, INVALID_CODE, WEAK_PASSWORD,
    /// INVALID_PARAMETER, RATE_LIMITED.
    Reply<SignedIn> set_up(FirstOwner owner, Client client);
    /// The same from the operator's environment, without a code; does nothing where there is a user.
    Reply<void> set_up_from_environment(std::string email, std::string password);

    /// Fails with INVALID_CREDENTIALS, SECOND_FACTOR_REQUIRED, RATE_LIMITED, OVERLOADED.
    Reply<SignedIn> sign_in(Credentials credentials, Client client);
    /// Proves that who holds a session knows the password (and has the second factor, where `with_code`). The same
    /// errors; a wrong password is INVALID_CREDENTIALS for the field "current_password".
    Reply<Proof> prove(std::string user, Credentials credentials, Client client, bool with_code);
    /// Ends all other sessions. Fails as prove() does, and with WEAK_PASSWORD.
    Reply<void> change_password(std::string user, std::string session, Credentials credentials,
                                std::string new_password, Client client);

    Throttle& addresses() { return addresses_; }
    Throttle& accounts() { return accounts_; }

private:
    Reply<User> check(Credentials credentials, const std::string& address);
    Reply<SignedIn> begin_session(User user, Proof proof, Client client);
    Reply<void> add_owner(NewUser user, SessionDraft* session);
    Reply<void> rehash(User user, std::string password);
    bool takes_setup_code(std::string_view code);

    SignInParts parts_;
    Throttle accounts_;
    Throttle addresses_;
    std::string workspace_;
    std::mutex mutex_;
    std::string setup_code_;  ///< Empty once used.
};

}  // namespace credvault::access
