// Request targets and authorities: RFC 9112, section 3.2, and RFC 3986. Pure functions, thread-safe.
#pragma once

#include <string_view>

#include "http/message.h"

namespace credvault::http {

/// Splits the target into the request's target, path and query; its method must be set. Takes the origin form
/// ("/path?query"), the absolute form of http and https ("http://host/path", of which the path is taken) and, for
/// OPTIONS, "*". Fails with MALFORMED_REQUEST on other forms, fragments and bytes outside ASCII.
Status split_target(std::string_view target, Request& request);

/// Whether text is a host name, IPv4 address or bracketed IPv6 address, with an optional port.
bool is_authority(std::string_view text);

}  // namespace credvault::http
