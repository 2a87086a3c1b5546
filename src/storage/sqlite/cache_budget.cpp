#include "storage/sqlite/cache_budget.h"

namespace credvault::storage {

CacheGrant::CacheGrant(CacheBudget& budget) : budget_(budget), bytes_(budget.least_) {
    budget_.connections_.fetch_add(1, std::memory_order_relaxed);
    budget_.granted_.fetch_add(bytes_, std::memory_order_relaxed);
}

CacheGrant::~CacheGrant() {
    budget_.granted_.fetch_sub(bytes_, std::memory_order_relaxed);
    budget_.connections_.fetch_sub(1, std::memory_order_relaxed);
}

bool CacheGrant::fit(std::size_t used) {
    const std::size_t connections =
        std::max<std::size_t>(1, budget_.connections_.load(std::memory_order_relaxed));
    const std::size_t fair = std::clamp(budget_.total_ / connections, budget_.least_, budget_.most_);
    if (bytes_ > fair && budget_.granted() > budget_.total_) return take(fair);
    const bool full = used >= bytes_ / 8 * 7;
    if (!full || bytes_ >= budget_.most_) return false;
    const std::size_t wanted = std::min(bytes_ * 2, budget_.most_);
    if (wanted > fair && budget_.granted() + (wanted - bytes_) > budget_.total_) return false;
    return take(wanted);
}

bool CacheGrant::take(std::size_t bytes) {
    budget_.granted_.fetch_add(bytes - bytes_,
                               std::memory_order_relaxed);  // Unsigned: adds what is negative, too.
    bytes_ = bytes;
    return true;
}

}  // namespace credvault::storage
