// Divides a number of bytes for page caches among connections that come and go. A connection that fills what it was
// granted gets twice as much while there is any; once all is given away, those that have more than an equal share give
// it back when they are next fitted. So a busy database beside many idle ones has a cache worth having. Thread-safe.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace credvault::storage {

class CacheBudget {
public:
    /// Bytes in all; those that each connection has whatever the others have; and those of one at most.
    CacheBudget(std::size_t total, std::size_t least, std::size_t most)
        : total_(total), least_(least), most_(std::max(least, most)) {}
    std::size_t granted() const { return granted_.load(std::memory_order_relaxed); }

private:
    friend class CacheGrant;
    const std::size_t total_;
    const std::size_t least_;
    const std::size_t most_;
    std::atomic<std::size_t> connections_{0};
    std::atomic<std::size_t> granted_{0};
};

/// One connection's part. Used by one thread at a time.
class CacheGrant {
public:
    explicit CacheGrant(CacheBudget& budget);
    ~CacheGrant();
    CacheGrant(const CacheGrant&) = delete;
    CacheGrant& operator=(const CacheGrant&) = delete;

    std::size_t bytes() const { return bytes_; }
    /// Now that the cache holds `used` bytes. Whether bytes() has changed.
    bool fit(std::size_t used);

private:
    bool take(std::size_t bytes);

    CacheBudget& budget_;
    std::size_t bytes_;
};

}  // namespace credvault::storage
