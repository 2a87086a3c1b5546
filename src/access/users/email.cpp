#include "access/users/email.h"

#include <algorithm>

namespace credvault::access {
namespace {

constexpr std::size_t max_local_bytes = 64;
constexpr std::size_t max_label_bytes = 63;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

/// RFC 5321's dot-string, with letters beyond ASCII (RFC 6531); quoted strings are left out.
bool is_local_part(std::string_view text) {
    constexpr std::string_view marks = "!#$%&'*+-/=?^_`{|}~.";
    if (text.empty() || text.size() > max_local_bytes) return false;
    if (text.front() == '.' || text.back() == '.' || text.find("..") != std::string_view::npos) return false;
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return is_letter_or_digit(c) || is_beyond_ascii(c) || marks.find(c) != std::string_view::npos;
    });
}

bool is_label(std::string_view text) {
    if (text.empty() || text.size() > max_label_bytes || text.front() == '-' || text.back() == '-')
        return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return is_letter_or_digit(c) || is_beyond_ascii(c) || c == '-'; });
}

bool is_domain(std::string_view text) {
    while (true) {
        const std::size_t dot = std::min(text.find('.'), text.size());
        if (!is_label(text.substr(0, dot))) return false;
        if (dot == text.size()) return true;
        text.remove_prefix(dot + 1);
    }
}

}  // namespace

Result<std::string> normalised_email(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    std::string email(text);
    std::transform(email.begin(), email.end(), email.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    const std::size_t at = email.rfind('@');
    const std::string_view whole(email);
    if (email.size() > max_email_bytes || at == std::string::npos || !is_local_part(whole.substr(0, at)) ||
        !is_domain(whole.substr(at + 1))) {
        return Error(ErrorCode::INVALID_PARAMETER, "email must be an address such as ada@example.com",
                     "email");
    }
    return email;
}

}  // namespace credvault::access
