// Where a call really comes from: the peer, or, where the peer is a proxy that the configuration trusts, what it says
// in X-Forwarded-For or in Forwarded (RFC 7239), whichever the configuration names. The other field is never looked at:
// a proxy lets what it doesn't know through as clients send it. Immutable; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/address_range.h"
#include "base/result.h"
#include "http/message.h"

namespace credvault::api {

class ClientAddresses {
public:
    /// What can't be told: no address, so that no range holds it.
    static constexpr std::string_view unknown = "unknown";

    /// `proxies` are address ranges; those that check() refuses trust nobody. `field` is one of the two names.
    ClientAddresses(const std::vector<std::string>& proxies, std::string_view field);
    /// Fails with INVALID_PARAMETER naming the range that is none.
    static Status check(const std::vector<std::string>& proxies);

    /// The last address that no trusted proxy has, reading from the peer on; `unknown` where that element has no
    /// address or the field is not well formed. Lives as long as the request.
    std::string_view of(const http::Request& request) const {
        if (proxies_.empty()) [[likely]]
            return request.remote_address;
        return behind_proxies(request);
    }

private:
    std::string_view behind_proxies(const http::Request& request) const;
    bool is_trusted(std::string_view address) const;

    AddressRanges proxies_;
    bool standard_;  ///< Forwarded.
};

/// The addresses of one line of X-Forwarded-For or (`standard`) Forwarded, first one first; an element without an
/// address is `unknown`. Nothing where the line is not well formed.
std::optional<std::vector<std::string_view>> forwarded_addresses(std::string_view line, bool standard);

}  // namespace credvault::api
