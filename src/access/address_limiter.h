// Budgets by address, for calls of those who have not said who they are. A table of fixed size that keeps no address
// longer than it has to: where a place is needed, that whose budget is fullest gives way. IPv6 counts by /64, which is
// what one customer gets. Thread-safe; calls with a valid credential do not come here.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "access/gcra.h"

namespace credvault::access {

struct AddressLimits {
    std::int64_t requests = 6'000;  ///< Per window; 0: any number.
    std::int64_t window_s = 60;
    std::int64_t burst = 3'000;
    std::size_t addresses = 65'536;  ///< Kept at once.
};

class AddressLimiter {
public:
    explicit AddressLimiter(const AddressLimits& limits);

    const Budget& budget() const { return budget_; }
    /// Precondition: budget().limited().
    Admission admit(std::string_view address, std::int64_t now_ns);

private:
    static constexpr std::size_t ways = 8;
    static constexpr std::size_t shards = 64;

    struct Entry {
        std::uint64_t address = 0;  ///< A keyed hash, so that nobody can choose who shares a set; 0: none.
        std::int64_t whole_at_ns = 0;
    };
    using Set = std::array<Entry, ways>;
    struct alignas(64) Shard {
        std::mutex mutex;
        std::vector<Set> sets;
    };

    std::uint64_t hash(std::string_view address) const;

    const Budget budget_;
    std::array<unsigned char, 16> key_{};
    std::array<Shard, shards> table_;
};

}  // namespace credvault::access
