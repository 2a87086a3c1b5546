// One T for each thread that asks, for what is counted or gathered without sharing memory between threads. The owner
// can reach all of them, also those of threads that have ended. mine() takes no lock but on a thread's first call.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace credvault {

template <class T>
class PerThread {
public:
    /// `make` is called on the thread that asks first.
    explicit PerThread(std::function<std::shared_ptr<T>()> make = [] { return std::make_shared<T>(); })
        : make_(std::move(make)) {}
    PerThread(const PerThread&) = delete;
    PerThread& operator=(const PerThread&) = delete;

    /// The calling thread's own.
    T& mine() const {
        thread_local std::pair<std::uint64_t, T*> latest{0, nullptr};
        if (latest.first != serial_) latest = {serial_, &lookup()};
        return *latest.second;
    }
    /// Everyone's; what another thread does with its own meanwhile is T's to guard.
    std::vector<std::shared_ptr<T>> all() const {
        std::lock_guard lock(mutex_);
        return all_;
    }

private:
    T& lookup() const {
        thread_local std::unordered_map<std::uint64_t, std::shared_ptr<T>> own;
        std::shared_ptr<T>& found = own[serial_];
        if (!found) {
            found = make_();
            std::lock_guard lock(mutex_);
            all_.push_back(found);
        }
        return *found;
    }

    static std::uint64_t next_serial() {
        static std::atomic<std::uint64_t> last{0};
        return ++last;
    }

    const std::uint64_t serial_ = next_serial();
    std::function<std::shared_ptr<T>()> make_;
    mutable std::mutex mutex_;
    mutable std::vector<std::shared_ptr<T>> all_;
};

}  // namespace credvault
