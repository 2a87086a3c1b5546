// A bound on memory that many connections take together: the bodies being received. MemoryBudget is shared by all I/O
// threads and thread-safe; a share belongs to one of them and must not outlive the budget.
#pragma once

#include <atomic>
#include <cstddef>

namespace credvault::http {

class MemoryBudget {
public:
    explicit MemoryBudget(std::size_t bytes) : bytes_(bytes) {}
    /// Takes so much, or nothing and returns false where less is left.
    bool take(std::size_t bytes) {
        std::size_t used = used_.load(std::memory_order_relaxed);
        do {
            if (bytes > bytes_ - used) return false;
        } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
        return true;
    }
    void give_back(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }
    std::size_t used() const { return used_.load(std::memory_order_relaxed); }

private:
    const std::size_t bytes_;
    std::atomic<std::size_t> used_ = 0;
};

/// What one body has taken of a budget; given back on release and destruction.
class MemoryShare {
public:
    explicit MemoryShare(MemoryBudget& budget) : budget_(budget) {}
    ~MemoryShare() { release(); }
    MemoryShare(const MemoryShare&) = delete;
    MemoryShare& operator=(const MemoryShare&) = delete;

    /// Makes the share at least so large; unchanged, with false, where the budget has not enough left.
    bool grow_to(std::size_t bytes) {
        if (bytes <= held_) return true;
        if (!budget_.take(bytes - held_)) return false;
        held_ = bytes;
        return true;
    }
    void release() {
        if (held_ > 0) budget_.give_back(held_);
        held_ = 0;
    }

private:
    MemoryBudget& budget_;
    std::size_t held_ = 0;
};

}  // namespace credvault::http
