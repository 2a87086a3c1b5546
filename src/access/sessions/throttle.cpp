#include "access/sessions/throttle.h"

#include <algorithm>

#include "base/clock.h"

namespace credvault::access {
namespace {

std::int64_t monotonic_ms() { return monotonic_ns() / 1'000'000; }

}  // namespace

Throttle::Throttle(ThrottleSettings settings, std::int64_t (*now)())
    : settings_(settings), now_(now != nullptr ? now : &monotonic_ms) {}

std::int64_t Throttle::wait_after(std::int64_t failures) const {
    if (failures < settings_.free_attempts) return 0;
    const std::int64_t doublings = std::min<std::int64_t>(failures - settings_.free_attempts, 40);
    std::int64_t wait = settings_.first_wait_ms;
    for (std::int64_t i = 0; i < doublings && wait < settings_.longest_wait_ms; ++i) wait *= 2;
    return std::min(wait, settings_.longest_wait_ms);
}

Status Throttle::begin(std::string_view subject) {
    const std::int64_t now = now_();
    std::lock_guard lock(mutex_);
    auto found = by_subject_.find(subject);
    if (found == by_subject_.end()) {
        if (records_.size() >= settings_.max_subjects) {
            by_subject_.erase(records_.front().subject);
            records_.pop_front();
        }
        records_.push_back({std::string(subject), 0, now});
        found = by_subject_.emplace(records_.back().subject, std::prev(records_.end())).first;
    }
    Record& record = *found->second;
    if (now - record.last_ms >= settings_.forget_ms) record.failures = 0;
    const std::int64_t left = record.last_ms + wait_after(record.failures) - now;
    if (record.failures > 0 && left > 0) {
        Error error(ErrorCode::RATE_LIMITED, "Too many attempts: wait before the next one");
        error.retry_after_seconds = (left + 999) / 1000;
        return error;
    }
    ++record.failures;
    record.last_ms = now;
    records_.splice(records_.end(), records_, found->second);
    return {};
}

void Throttle::forget(std::string_view subject) {
    std::lock_guard lock(mutex_);
    const auto found = by_subject_.find(subject);
    if (found == by_subject_.end()) return;
    const auto record = found->second;
    by_subject_.erase(found);
    records_.erase(record);
}

void Throttle::forgive(std::string_view subject) {
    std::lock_guard lock(mutex_);
    const auto found = by_subject_.find(subject);
    if (found == by_subject_.end() || found->second->failures == 0) return;
    --found->second->failures;
}

}  // namespace credvault::access
