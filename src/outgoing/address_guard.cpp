#include "outgoing/address_guard.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace credvault::outgoing {
namespace {

struct Special {
    AddressRange range;
    std::string_view use;
};

/// From the IANA registries for IPv4 and IPv6; a narrower range stands before one that holds it.
const std::vector<Special>& special_ranges() {
    static const std::vector<Special> all = [] {
        constexpr std::pair<const char*, std::string_view> listed[] = {
            {"0.0.0.0/8", "this network"},
            {"10.0.0.0/8", "private"},
            {"100.64.0.0/10", "carrier-grade NAT"},
            {"127.0.0.0/8", "loopback"},
            {"169.254.0.0/16", "link-local"},
            {"172.16.0.0/12", "private"},
            {"192.0.0.0/24", "protocol assignments"},
            {"192.0.2.0/24", "documentation"},
            {"192.88.99.0/24", "6to4 relay"},
            {"192.168.0.0/16", "private"},
            {"198.18.0.0/15", "benchmarking"},
            {"198.51.100.0/24", "documentation"},
            {"203.0.113.0/24", "documentation"},
            {"224.0.0.0/4", "multicast"},
            {"255.255.255.255/32", "broadcast"},
            {"240.0.0.0/4", "reserved"},
            {"::/128", "unspecified"},
            {"::1/128", "loopback"},
            {"::/96", "IPv4-compatible"},
            {"64:ff9b::/96", "NAT64"},
            {"64:ff9b:1::/48", "NAT64"},
            {"100::/64", "discard"},
            {"2001::/32", "Teredo"},
            {"2001::/23", "protocol assignments"},
            {"2001:db8::/32", "documentation"},
            {"2002::/16", "6to4"},
            {"3fff::/20", "documentation"},
            {"fc00::/7", "private"},
            {"fe80::/10", "link-local"},
            {"fec0::/10", "site-local"},
            {"ff00::/8", "multicast"},
        };
        std::vector<Special> ranges;
        for (const auto& [text, use] : listed) {
            if (Result<AddressRange> range = AddressRange::parse(text); range.ok())
                ranges.push_back({*range, use});
        }
        return ranges;
    }();
    return all;
}

/// What IPv6 has given out for the internet (RFC 4291, 2.4).
const AddressRange& global_unicast() {
    static const AddressRange range = AddressRange::parse("2000::/3").value();
    return range;
}

}  // namespace

std::string_view special_use(const Address& address) {
    const auto& ranges = special_ranges();
    const auto found = std::find_if(ranges.begin(), ranges.end(),
                                    [&](const Special& special) { return special.range.contains(address); });
    if (found != ranges.end()) return found->use;
    return address.is_v4() || global_unicast().contains(address) ? "" : "reserved";
}

std::string_view AddressGuard::refusal(const Address& address, bool mapped) const {
    if (any_contains(allowed_, address)) return {};
    const std::string_view use = special_use(address);
    return use.empty() && mapped ? "IPv4-mapped" : use;
}

std::string_view AddressGuard::refusal(const sockaddr& address) const {
    Address ip;
    if (address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        ip.bytes[10] = ip.bytes[11] = 0xff;
        std::memcpy(ip.bytes.data() + 12, &v4.sin_addr, 4);
        return refusal(ip);
    }
    if (address.sa_family != AF_INET6) return "no internet address";
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    std::memcpy(ip.bytes.data(), &v6.sin6_addr, 16);
    return refusal(ip, ip.is_v4());
}

}  // namespace credvault::outgoing
