// A mail as it is kept until it is sent, and as it goes over the wire (RFC 5322, plain text in UTF-8). Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace credvault::access {

struct Mail {
    std::string to;       ///< Empty: nobody; a mail that stands for one that is not sent (outbox.h).
    std::string subject;  ///< One line.
    std::string text;     ///< Lines end with \n.
};

/// The whole message with CRLF line ends. `to` and `from` are normalised addresses; control characters in the subject
/// become spaces.
std::string message_text(const Mail& mail, std::string_view from, std::string_view id, std::int64_t now_ms);

/// As JSON, for the outbox, and back; nothing where the text is something else.
std::string kept_text(const Mail& mail);
std::optional<Mail> mail_of(std::string_view kept);

}  // namespace credvault::access
