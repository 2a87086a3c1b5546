// A mutex that lets those who wait in, first come first served. A plain one may be taken again and again by the thread
// that just gave it back: a writer under load would keep the checkpointer out while the log grows. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace credvault::storage {

/// Lockable by std::lock_guard and std::unique_lock.
class Turn {
public:
    void lock() {
        std::unique_lock lock(mutex_);
        const std::uint64_t number = next_++;
        passed_on_.wait(lock, [this, number] { return serving_ == number; });
    }
    void unlock() {
        {
            std::lock_guard lock(mutex_);
            ++serving_;
            if (serving_ == next_) return;
        }
        passed_on_.notify_all();
    }
    /// How many wait or have it.
    std::uint64_t in_line() {
        std::lock_guard lock(mutex_);
        return next_ - serving_;
    }

private:
    std::mutex mutex_;
    std::condition_variable passed_on_;
    std::uint64_t next_ = 0;
    std::uint64_t serving_ = 0;
};

}  // namespace credvault::storage
