// Which addresses the server may call for its users: those of the public internet, and what the operator names.
// Everything else (loopback, private and link-local networks, those that carry other addresses inside them) would let
// users reach through the server what they can't reach themselves. Immutable; thread-safe.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "base/address_range.h"

struct sockaddr;

namespace credvault::outgoing {

/// What an address is good for by the registries of special addresses (RFC 6890 and its successors): "loopback",
/// "private", "NAT64" … Empty: the public internet. An IPv4 address mapped into IPv6 counts as the IPv4 address.
std::string_view special_use(const Address& address);

class AddressGuard {
public:
    /// `allowed` are ranges that may be called whatever they are.
    explicit AddressGuard(AddressRanges allowed = {}) : allowed_(std::move(allowed)) {}

    /// Why the address may not be called; empty: it may. `mapped` where it was written or resolved as IPv4 within
    /// IPv6, which nothing on the public internet is.
    std::string_view refusal(const Address& address, bool mapped = false) const;
    /// The same of what a socket is about to be connected to; families other than IP are refused.
    std::string_view refusal(const sockaddr& address) const;

private:
    AddressRanges allowed_;
};

}  // namespace credvault::outgoing
