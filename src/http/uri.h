// Percent-encoding and query strings, as in RFC 3986 and (for '+') application/x-www-form-urlencoded. Pure functions,
// thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace credvault::http {

/// Decodes %XX escapes; with `plus_is_space` a '+' becomes a space. Fails with INVALID_PARAMETER where a '%' is not
/// followed by two hexadecimal digits, and where NUL occurs in either form. The bytes need not be UTF-8: that is the
/// caller's to check.
Result<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

/// Encodes every byte but the unreserved ones (letters, digits, "-._~"), in upper-case hexadecimal.
std::string percent_encode(std::string_view text);

/// The decoded name and value pairs of a query (without its question mark), in order, repeated names included; '+' is
/// a space, a name without '=' has an empty value, empty pieces ("a=1&&b=2") are skipped. Fails as percent_decode, with
/// the pair's name (as sent) as the field.
Result<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

}  // namespace credvault::http
