// The formats of JSON Schema that are checked: date-time, date, time, email, uuid, ipv4, ipv6 and uri. Others are only
// said. Pure.
#pragma once

#include <string_view>

namespace credvault::query {

/// True too where the format is not one of those that are checked.
bool has_format(std::string_view text, std::string_view format);

}  // namespace credvault::query
