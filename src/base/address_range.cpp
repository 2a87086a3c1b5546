#include "base/address_range.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace credvault {
namespace {

constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t longest_address = 45;

bool same_bits(const Address& a, const Address& b, unsigned bits) {
    const unsigned whole = bits / 8, rest = bits % 8;
    if (std::memcmp(a.bytes.data(), b.bytes.data(), whole) != 0) return false;
    return rest == 0 || (a.bytes[whole] ^ b.bytes[whole]) >> (8 - rest) == 0;
}

bool is_zero_behind(const Address& address, unsigned bits) {
    for (unsigned i = bits; i < 128; ++i) {
        if ((address.bytes[i / 8] >> (7 - i % 8) & 1) != 0) return false;
    }
    return true;
}

std::string text_of(const Address& address) {
    char text[INET6_ADDRSTRLEN] = {};
    if (address.is_v4()) {
        ::inet_ntop(AF_INET, address.bytes.data() + mapped.size(), text, sizeof text);
    } else {
        ::inet_ntop(AF_INET6, address.bytes.data(), text, sizeof text);
    }
    return text;
}

Error not_a_range(std::string_view text) {
    return Error(ErrorCode::INVALID_PARAMETER,
                 "'" + std::string(text.substr(0, 64)) +
                     "' is no address range: write 192.0.2.0/24, 2001:db8::/32 or one address");
}

}  // namespace

bool Address::is_v4() const { return std::equal(mapped.begin(), mapped.end(), bytes.begin()); }

std::optional<Address> parse_address(std::string_view text) {
    if (text.empty() || text.size() > longest_address || text.find('\0') != std::string_view::npos) return {};
    const std::string terminated(text);
    Address address;
    if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
    std::copy(mapped.begin(), mapped.end(), address.bytes.begin());
    if (::inet_pton(AF_INET, terminated.c_str(), address.bytes.data() + mapped.size()) == 1) return address;
    return {};
}

Result<AddressRange> AddressRange::parse(std::string_view text) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto address = parse_address(text.substr(0, slash));
    if (!address) return not_a_range(text);
    AddressRange range;
    range.first_ = *address;
    if (slash == text.size()) return range;
    // A mapped address is written with the prefix of IPv6, a dotted one with its own.
    const bool dotted = address->is_v4() && text.find(':') == std::string_view::npos;
    const unsigned most = dotted ? 32 : 128;
    const std::string_view digits = text.substr(slash + 1);
    unsigned prefix = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    if (error != std::errc() || end != digits.data() + digits.size() || prefix > most)
        return not_a_range(text);
    if (digits.size() > 1 && digits.front() == '0') return not_a_range(text);
    range.prefix_ = prefix + 128 - most;
    if (!is_zero_behind(range.first_, range.prefix_)) {
        return Error(ErrorCode::INVALID_PARAMETER,
                     "The address in '" + std::string(text) +
                         "' has bits behind the prefix: write the first address "
                         "of the range");
    }
    return range;
}

bool AddressRange::contains(const Address& address) const {
    if (address.is_v4() != (first_.is_v4() && prefix_ >= 96)) return false;
    return same_bits(first_, address, prefix_);
}

bool AddressRange::contains(const AddressRange& other) const {
    if (prefix_ > other.prefix_) return false;
    // A range over all of IPv6 is one over IPv6 alone, whose addresses are not the mapped ones.
    if ((first_.is_v4() && prefix_ >= 96) != (other.first_.is_v4() && other.prefix_ >= 96)) return false;
    return same_bits(first_, other.first_, prefix_);
}

std::string AddressRange::text() const {
    const bool v4 = first_.is_v4() && prefix_ >= 96;
    if (prefix_ == 128) return text_of(first_);
    return text_of(first_) + "/" + std::to_string(v4 ? prefix_ - 96 : prefix_);
}

bool any_contains(const AddressRanges& ranges, const Address& address) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const AddressRange& range) { return range.contains(address); });
}

AddressRanges common(const AddressRanges& a, const AddressRanges& b) {
    AddressRanges both;
    const auto add = [&](const AddressRange& range) {
        if (std::find(both.begin(), both.end(), range) == both.end()) both.push_back(range);
    };
    for (const AddressRange& one : a) {
        for (const AddressRange& other : b) {
            if (other.contains(one)) {
                add(one);
            } else if (one.contains(other)) {
                add(other);
            }
        }
    }
    return both;
}

}  // namespace credvault
