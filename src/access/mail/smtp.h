// Sends one mail by SMTP (libcurl). TLS is demanded unless the configuration says otherwise. Blocks; for the outbox's
// thread. No state but the settings.
#pragma once

#include <string>

#include "access/mail/message.h"
#include "base/result.h"

namespace credvault::access {

struct SmtpSettings {
    std::string url;            ///< "smtp://mail.example.com:587" or "smtps://…"; empty: mail is not sent.
    std::string user;           ///< Empty: without signing in.
    std::string password_file;  ///< Whose first line is the password; read at each sending.
    std::string from;           ///< The sender's address.
    std::string ca_file;        ///< PEM; empty: the system's authorities.
    bool require_tls = true;    ///< STARTTLS or smtps, with a valid certificate; else nothing is sent.
    std::int64_t timeout_ms = 30'000;
};

/// What went wrong, and whether another try may go better.
struct SmtpFailure {
    std::string reason;  ///< For the log; without secrets.
    bool permanent = false;
};

/// Nothing where the server took the mail.
std::optional<SmtpFailure> send_by_smtp(const SmtpSettings& settings, const Mail& mail,
                                        const std::string& id);

}  // namespace credvault::access
