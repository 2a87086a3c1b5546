#include "http/address.h"

#include <arpa/inet.h>

#include <cstring>

namespace credvault::http {

Peer::Peer(const sockaddr_storage& address) {
    const void* bytes = nullptr;
    int family = AF_INET;
    if (address.ss_family == AF_INET6) {
        const auto& six = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
        family = IN6_IS_ADDR_V4MAPPED(&six) ? AF_INET : AF_INET6;
        bytes = family == AF_INET ? six.s6_addr + 12 : six.s6_addr;
    } else {
        bytes = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    }
    // An IPv4 address fills half of the key; no IPv6 network in use has that pattern above it.
    if (family == AF_INET) key_ = std::uint64_t{0xffffffff} << 32;
    std::memcpy(&key_, bytes, family == AF_INET ? 4 : 8);
    if (::inet_ntop(family, bytes, text_.data(), text_.size()) != nullptr) {
        size_ = static_cast<std::uint8_t>(std::strlen(text_.data()));
    }
}

ConnectionSlot::~ConnectionSlot() {
    if (limiter_ != nullptr) limiter_->give_back(key_);
}

ConnectionSlot ConnectionLimiter::take(const Peer& peer) {
    if (open_.fetch_add(1, std::memory_order_relaxed) >= in_all_) {
        open_.fetch_sub(1, std::memory_order_relaxed);
        return {};
    }
    if (per_address_ < in_all_) {
        const std::lock_guard lock(mutex_);
        std::size_t& count = by_address_[peer.key()];
        if (count >= per_address_) {
            open_.fetch_sub(1, std::memory_order_relaxed);
            return {};
        }
        ++count;
    }
    return {*this, peer.key()};
}

void ConnectionLimiter::give_back(std::uint64_t key) {
    open_.fetch_sub(1, std::memory_order_relaxed);
    if (per_address_ >= in_all_) return;
    const std::lock_guard lock(mutex_);
    const auto found = by_address_.find(key);
    if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
}

}  // namespace credvault::http
