// Passwords that were forgotten: a code that goes to the account's email, or that the operator has from the command
// line, sets a new one, once. Asking for one answers and costs the same whether the email has an account. Thread-safe.
#pragma once

#include <string>

#include "access/mail/outbox.h"
#include "access/sessions/sessions.h"
#include "access/sessions/throttle.h"
#include "access/users/password.h"

namespace credvault::access {

/// The services that resets are made of. References; they outlive them.
struct PasswordResetParts {
    SystemRecords& records;
    Users& users;
    Sessions& sessions;
    PasswordHashing& passwords;
    Outbox& outbox;
    Throttle& addresses;
    Throttle& accounts;
};

struct PasswordResetSettings {
    std::int64_t life_ms = 3'600'000;
    std::string public_url;  ///< Of the dashboard, for links.
};

/// The record of a reset for password_resets_collection. `user` is empty where there is none.
std::string reset_record(std::string_view user, std::string_view token, std::int64_t expires_ms);
/// Makes what is missing of the collection.
Reply<void> open_password_resets(SystemRecords& records);

class PasswordReset {
public:
    PasswordReset(PasswordResetParts parts, PasswordResetSettings settings);

    Reply<void> open() { return open_password_resets(parts_.records); }
    /// Sends a mail where the email has an account and there is a server to send by. Fails with RATE_LIMITED only.
    Reply<void> request(std::string email, std::string address);
    /// Ends all sessions of the user, and other codes of his. The second factor stays. Fails with INVALID_CODE,
    /// WEAK_PASSWORD, RATE_LIMITED.
    Reply<void> confirm(std::string code, std::string password, std::string address);

private:
    PasswordResetParts parts_;
    const PasswordResetSettings settings_;
};

}  // namespace credvault::access
