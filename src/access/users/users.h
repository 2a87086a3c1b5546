// The people who sign in, as records of the system database. An email belongs to one user. Passwords are kept as
// Argon2id hashes, second factors sealed, recovery codes as digests; none of them leaves this folder. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/records.h"

namespace credvault::access {

constexpr std::size_t max_name_characters = 100;

struct User {
    std::string id, email, name;
    std::string password;               ///< Its hash.
    std::string totp;                   ///< The sealed secret; empty: no second factor.
    std::string totp_pending;           ///< The same before it was confirmed.
    std::int64_t totp_step = 0;         ///< The last one whose code was used.
    std::vector<std::string> recovery;  ///< Digests of the codes that are left, in hexadecimal.
    std::string created_at;

    static User parse(const json::Value& record);
    bool has_second_factor() const { return !totp.empty(); }
};

/// What is known of a new user.
struct NewUser {
    std::string id, email, name, password_hash;
};
/// The record of a new user.
std::string user_record(const NewUser& user);

class Users {
public:
    explicit Users(SystemRecords& records) : records_(records) {}

    Reply<void> open();
    Reply<bool> any();
    /// Nothing where there is none. The email is a normalised one.
    Reply<std::optional<User>> by_email(std::string email);
    Reply<std::optional<User>> by_id(std::string id);
    /// The user of a principal. Fails with UNAUTHENTICATED where he is gone.
    Reply<User> get(std::string id);
    /// Also in the lists of members. Fails with INVALID_PARAMETER.
    Reply<User> rename(std::string id, std::string name);

private:
    SystemRecords& records_;
};

/// Fails with INVALID_PARAMETER where a name of a person or workspace is empty, too long, or holds control characters.
Status check_display_name(std::string_view name, std::string_view field);

}  // namespace credvault::access
