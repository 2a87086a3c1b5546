// A URL that the server is to call, read by libcurl's own parser, so that what is checked is what is called: odd
// spellings of addresses (decimal, octal, hexadecimal, short) are resolved by it before anybody looks. Value types and
// pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "outgoing/address_guard.h"

namespace credvault::outgoing {

constexpr std::size_t max_url_bytes = 2048;

struct Url {
    std::string text;  ///< In the form that is called, without a fragment.
    bool secure = false;
    std::string host;  ///< Without brackets.
    std::uint16_t port = 0;
    std::optional<Address> address;  ///< Where the host is one.
    bool mapped = false;             ///< It was written as IPv4 within IPv6.
};

/// http or https, a host, no credentials. Fails with INVALID_PARAMETER, field "url".
Result<Url> parse_url(std::string_view text);
/// The same, and ADDRESS_NOT_ALLOWED where the host is an address that may not be called, or a name that always stands
/// for one (localhost). What other names stand for is checked when the connection is made.
Result<Url> checked_url(std::string_view text, const AddressGuard& guard);

}  // namespace credvault::outgoing
