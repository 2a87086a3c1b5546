// Sorts matches in memory: all of them, or the first so many, of which a heap then keeps no more. Bounded in memory.
// One thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/sqlite/walk.h"

namespace credvault::storage {

class Sorter {
public:
    struct Held {
        std::string position;
        std::string record;
        std::int64_t rid;
        std::int64_t version;
        double rank;
    };

    /// Keeps the least `capacity` positions (storage::no_limit: all).
    Sorter(std::uint64_t capacity, std::size_t memory_bytes)
        : capacity_(capacity), memory_bytes_(memory_bytes) {}

    /// Whether a row at this position would be kept.
    bool takes(std::string_view position) const {
        return held_.size() < capacity_ || (capacity_ > 0 && position < held_.front().position);
    }
    /// False: it needs more than its memory.
    bool add(std::string_view position, const Candidate& candidate);
    /// The last row of those kept, once there are as many as will be; null before.
    const Held* last() const { return capacity_ > 0 && held_.size() == capacity_ ? &held_.front() : nullptr; }
    /// The rows kept, in order. Add nothing after it.
    std::vector<Held>& sorted();

private:
    static std::size_t size_of(const Held& held) {
        return sizeof(Held) + held.position.size() + held.record.size();
    }

    std::uint64_t capacity_;
    std::size_t memory_bytes_;
    std::vector<Held> held_;  ///< Once the capacity is reached: a heap, the greatest first.
    bool heaped_ = false;
    std::size_t bytes_ = 0;
};

}  // namespace credvault::storage
