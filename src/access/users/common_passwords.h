// Passwords of twelve and more characters that are tried first: from what leaked lists agree on, and walks over the
// keyboard. A constant table.
#pragma once

#include <string_view>

namespace credvault::access {

/// `password` in lower case.
bool is_common_password(std::string_view password);

}  // namespace credvault::access
