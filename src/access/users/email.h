// Email addresses as accounts are known by. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace credvault::access {

constexpr std::size_t max_email_bytes = 254;

/// The form that addresses are kept and compared in: without surrounding space, ASCII letters in lower case. Fails with
/// INVALID_PARAMETER (field "email") where the text is no address: something without spaces or control characters, one
/// @, and a domain of labels.
Result<std::string> normalised_email(std::string_view text);

}  // namespace credvault::access
