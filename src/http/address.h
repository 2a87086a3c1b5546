// Who is at the other end, and how many connections each address has. ConnectionLimiter is shared by all I/O threads
// and thread-safe; a slot given out must not outlive it.
#pragma once

#include <netinet/in.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace credvault::http {

/// A peer's address: its text without the port (IPv4 where mapped into IPv6) and the key it is counted under, which for
/// IPv6 is the /64 network, since that is what one customer gets.
class Peer {
public:
    Peer() = default;
    explicit Peer(const sockaddr_storage& address);
    std::string_view text() const { return {text_.data(), size_}; }
    std::uint64_t key() const { return key_; }

private:
    std::array<char, INET6_ADDRSTRLEN> text_{};
    std::uint8_t size_ = 0;
    std::uint64_t key_ = 0;
};

class ConnectionLimiter;

/// A place within the limits; given back on destruction. Empty where there was none.
class ConnectionSlot {
public:
    ConnectionSlot() = default;
    ConnectionSlot(ConnectionLimiter& limiter, std::uint64_t key) : limiter_(&limiter), key_(key) {}
    ConnectionSlot(ConnectionSlot&& other) noexcept
        : limiter_(std::exchange(other.limiter_, nullptr)), key_(other.key_) {}
    ConnectionSlot& operator=(ConnectionSlot&&) = delete;
    ~ConnectionSlot();
    explicit operator bool() const { return limiter_ != nullptr; }

private:
    ConnectionLimiter* limiter_ = nullptr;
    std::uint64_t key_ = 0;
};

class ConnectionLimiter {
public:
    ConnectionLimiter(std::size_t in_all, std::size_t per_address)
        : in_all_(in_all), per_address_(per_address) {}
    /// A slot, or an empty one where either limit is reached.
    ConnectionSlot take(const Peer& peer);
    std::size_t open() const { return open_.load(std::memory_order_relaxed); }

private:
    friend class ConnectionSlot;
    void give_back(std::uint64_t key);

    const std::size_t in_all_;
    const std::size_t per_address_;
    std::atomic<std::size_t> open_ = 0;
    std::mutex mutex_;
    std::unordered_map<std::uint64_t, std::size_t> by_address_;
};

}  // namespace credvault::http
