// What may stand in a header field that is sent (RFC 9110, 5). Pure functions.
#pragma once

#include <algorithm>
#include <string_view>

namespace credvault::outgoing {

/// A token, not empty.
inline bool is_header_name(std::string_view name) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               marks.find(c) != std::string_view::npos;
    });
}

/// Visible ASCII, spaces and tabs; none at its ends.
inline bool is_header_value(std::string_view value) {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    if (!value.empty() && (blank(value.front()) || blank(value.back()))) return false;
    return std::all_of(value.begin(), value.end(), [&](char c) { return blank(c) || (c > ' ' && c < 0x7f); });
}

}  // namespace credvault::outgoing
