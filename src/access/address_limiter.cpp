#include "access/address_limiter.h"

#include <arpa/inet.h>
#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace credvault::access {
namespace {

/// What of an address is counted together: an IPv4 address, or 64 bits of an IPv6 address. Other text is its own.
std::string network_of(std::string_view address) {
    const std::string text(address.substr(0, address.find('%')));
    in6_addr six{};
    if (inet_pton(AF_INET6, text.c_str(), &six) != 1) return text;
    if (IN6_IS_ADDR_V4MAPPED(&six)) {
        std::array<char, INET_ADDRSTRLEN> four{};
        return inet_ntop(AF_INET, &six.s6_addr[12], four.data(), four.size());
    }
    return std::string(reinterpret_cast<const char*>(six.s6_addr), 8);
}

}  // namespace

AddressLimiter::AddressLimiter(const AddressLimits& limits)
    : budget_({limits.requests, limits.window_s, limits.burst}) {
    static_assert(crypto_shorthash_KEYBYTES == 16 && crypto_shorthash_BYTES == 8);
    randombytes_buf(key_.data(), key_.size());
    const std::size_t sets = (limits.addresses + shards * ways - 1) / (shards * ways);
    for (Shard& shard : table_) shard.sets.resize(std::max<std::size_t>(1, sets));
}

std::uint64_t AddressLimiter::hash(std::string_view address) const {
    const std::string network = network_of(address);
    std::array<unsigned char, 8> digest{};
    crypto_shorthash(digest.data(), reinterpret_cast<const unsigned char*>(network.data()), network.size(),
                     key_.data());
    std::uint64_t word = 0;
    std::memcpy(&word, digest.data(), sizeof word);
    return word == 0 ? 1 : word;
}

Admission AddressLimiter::admit(std::string_view address, std::int64_t now_ns) {
    const std::uint64_t who = hash(address);
    Shard& shard = table_[who % shards];
    std::lock_guard lock(shard.mutex);
    Set& set = shard.sets[who / shards % shard.sets.size()];
    auto entry = std::ranges::find(set, who, &Entry::address);
    if (entry == set.end()) {
        entry = std::ranges::min_element(set, {}, &Entry::whole_at_ns);
        *entry = {who, 0};
    }
    BudgetWord word(entry->whole_at_ns);
    const Admission admission = access::admit(word, budget_, now_ns);
    entry->whole_at_ns = word;
    return admission;
}

}  // namespace credvault::access
