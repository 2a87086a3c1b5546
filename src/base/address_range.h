// Addresses and ranges of them (CIDR), IPv4 and IPv6, as restrictions and the configuration name them. An IPv4 address
// that is mapped into IPv6 (::ffff:192.0.2.1) is the IPv4 address. Value types.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace credvault {

/// IPv4 is kept as it is mapped into IPv6.
struct Address {
    std::array<std::uint8_t, 16> bytes{};

    bool is_v4() const;
    friend bool operator==(const Address&, const Address&) = default;
};

/// Dotted decimal or RFC 4291 text without a zone; nothing where it is neither.
std::optional<Address> parse_address(std::string_view text);

class AddressRange {
public:
    /// "192.0.2.0/24", "2001:db8::/32", or one address. Fails with INVALID_PARAMETER, also where bits are set behind
    /// the prefix.
    static Result<AddressRange> parse(std::string_view text);

    /// An IPv6 range holds no IPv4 address.
    bool contains(const Address& address) const;
    bool contains(const AddressRange& other) const;
    /// As parse() reads it, in its shortest form.
    std::string text() const;
    friend bool operator==(const AddressRange&, const AddressRange&) = default;

private:
    Address first_;
    unsigned prefix_ = 128;  ///< Of the 128 bits.
};

using AddressRanges = std::vector<AddressRange>;

bool any_contains(const AddressRanges& ranges, const Address& address);
/// The addresses that are in both; an empty list means none.
AddressRanges common(const AddressRanges& a, const AddressRanges& b);

}  // namespace credvault
