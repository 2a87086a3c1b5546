// A value that is read on every request and replaced seldom: names, keys, settings. Readers take no lock that threads
// share: each thread keeps its own pointer and renews it when the generation has moved. publish() is serialised by the
// caller or by the lock inside; read() may be called from any thread.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace credvault {

template <class T>
class Snapshot {
public:
    explicit Snapshot(std::shared_ptr<const T> first) : value_(std::move(first)) {}
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    void publish(std::shared_ptr<const T> next) {
        std::lock_guard lock(mutex_);
        value_ = std::move(next);
        generation_.fetch_add(1, std::memory_order_release);
    }

    /// The newest value that was published before the call. Keep the pointer as long as the value is used.
    std::shared_ptr<const T> read() const {
        thread_local std::unordered_map<std::uint64_t, Cached> cache;
        Cached& mine = cache[serial_];
        const std::uint64_t now = generation_.load(std::memory_order_acquire);
        if (mine.generation != now) {
            std::lock_guard lock(mutex_);
            mine = {generation_.load(std::memory_order_relaxed), value_};
        }
        return mine.value;
    }

private:
    struct Cached {
        std::uint64_t generation = 0;
        std::shared_ptr<const T> value;
    };

    static std::uint64_t next_serial() {
        static std::atomic<std::uint64_t> last{0};
        return ++last;
    }

    const std::uint64_t serial_ = next_serial();
    mutable std::mutex mutex_;
    std::shared_ptr<const T> value_;
    std::atomic<std::uint64_t> generation_{1};
};

}  // namespace credvault
