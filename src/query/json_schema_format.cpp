#include "query/json_schema_format.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

#include "base/clock.h"

namespace credvault::query {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex(char c) { return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f'); }

bool is_date(std::string_view text) { return text.size() == 10 && parse_time(text).has_value(); }

/// RFC 3339 wants seconds and a zone.
bool is_date_time(std::string_view text) {
    if (text.size() < 20 || (text[10] | 32) != 't' || text[16] != ':') return false;
    const bool zoned = (text.back() | 32) == 'z' || text[text.size() - 3] == ':';
    return zoned && parse_time(text).has_value();
}

bool is_time(std::string_view text) { return is_date_time("2000-01-01T" + std::string(text)); }

/// name@domain, as browsers take it, more or less.
bool is_email(std::string_view text) {
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
    const auto in_name = [](char c) {
        return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
               std::string_view(".!#$%&'*+/=?^_`{|}~-").find(c) != std::string_view::npos;
    };
    const std::string_view domain = text.substr(at + 1);
    const auto in_domain = [](char c) {
        return is_letter(c) || is_digit(c) || c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
    };
    return std::ranges::all_of(text.substr(0, at), in_name) && !domain.empty() &&
           std::ranges::all_of(domain, in_domain) && domain.front() != '.' && domain.back() != '.' &&
           domain.find("..") == std::string_view::npos;
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
    }
    return true;
}

bool is_address(std::string_view text, int family) {
    unsigned char bytes[16];
    const std::string terminated(text);
    return terminated.find('\0') == std::string::npos && ::inet_pton(family, terminated.c_str(), bytes) == 1;
}

/// An absolute one: a scheme, then anything that may stand in a URI.
bool is_uri(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || !is_letter(text[0])) return false;
    const auto in_scheme = [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
    };
    const auto allowed = [](char c) {
        return c > ' ' && c < 0x7f && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
    };
    return std::ranges::all_of(text.substr(0, colon), in_scheme) && std::ranges::all_of(text, allowed);
}

}  // namespace

bool has_format(std::string_view text, std::string_view format) {
    if (format == "date-time") return is_date_time(text);
    if (format == "date") return is_date(text);
    if (format == "time") return is_time(text);
    if (format == "email") return is_email(text);
    if (format == "uuid") return is_uuid(text);
    if (format == "ipv4") return is_address(text, AF_INET);
    if (format == "ipv6") return is_address(text, AF_INET6);
    return format != "uri" || is_uri(text);
}

}  // namespace credvault::query
