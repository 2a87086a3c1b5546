#include "access/allotment.h"

namespace credvault::access {
namespace {

/// Adds unless the sum would pass the limit (0: none).
bool add_within(std::atomic<std::int64_t>& to, std::int64_t more, std::int64_t limit) {
    std::int64_t now = to.load(std::memory_order_relaxed);
    do {
        if (limit > 0 && now + more > limit) return false;
    } while (!to.compare_exchange_weak(now, now + more, std::memory_order_relaxed));
    return true;
}

Error used_up(const Tier& tier, const std::string& what) {
    return Error(ErrorCode::QUOTA_EXCEEDED,
                 "The workspace may store " + what + " in its tier '" + tier.name() +
                     "', and this would go beyond it. Delete records, or change to another tier");
}

}  // namespace

bool Allotment::begin_call(std::int64_t most) {
    if (in_flight_.fetch_add(1, std::memory_order_relaxed) < most) return true;
    end_call();
    return false;
}

Status Allotment::claim(const storage::Stock& more) {
    const Tier& now = tier();
    const TierSettings& limits = now.settings();
    if (more.records > 0 && !add_within(records_, more.records, limits.records))
        return used_up(now, std::to_string(limits.records) + " records");
    if (more.bytes > 0 && !add_within(bytes_, more.bytes, limits.storage_bytes)) {
        records_.fetch_sub(more.records, std::memory_order_relaxed);
        return used_up(now, std::to_string(limits.storage_bytes) + " bytes of records");
    }
    return {};
}

void Allotment::add(const storage::Stock& by) {
    records_.fetch_add(by.records, std::memory_order_relaxed);
    bytes_.fetch_add(by.bytes, std::memory_order_relaxed);
}

storage::Stock Allotment::stored() const {
    return {records_.load(std::memory_order_relaxed), bytes_.load(std::memory_order_relaxed)};
}

}  // namespace credvault::access
