// Percent-decoding of path segments and query pairs into text that lives as long as the call, without a copy where
// nothing is encoded. Pure functions but for the scratch.
#pragma once

#include <string_view>

#include "api/problems.h"

namespace credvault::api {

/// Takes the next "name=value" off the front; possibly empty ("a=1&&b=2").
std::string_view take_pair(std::string_view& query);
/// Decodes a path segment. Fails, telling INVALID_PARAMETER, on bad escapes, NUL and what is no UTF-8.
bool decode_segment(std::string_view raw, std::string_view field, std::string_view& to, Scratch& scratch,
                    Problems& problems);
/// Decodes a pair; '+' is a space, and a name without '=' has an empty value.
bool decode_pair(std::string_view pair, std::string_view& name, std::string_view& value, Scratch& scratch,
                 Problems& problems);

}  // namespace credvault::api
