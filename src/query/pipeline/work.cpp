#include "query/pipeline/work.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "query/pipeline/profile.h"

namespace credvault::query {

Work::Work(WorkBounds bounds) : bounds_(std::move(bounds)), started_ns_(monotonic_ns()) {}

Status Work::check() const {
    if (bounds_.cancelled != nullptr && bounds_.cancelled->load(std::memory_order_relaxed)) {
        return Error(ErrorCode::QUERY_TIMEOUT, "The pipeline was cancelled");
    }
    if (monotonic_ns() - started_ns_ > bounds_.timeout_ms * 1'000'000) {
        return Error(ErrorCode::QUERY_TIMEOUT,
                     "The pipeline took longer than " + std::to_string(bounds_.timeout_ms) +
                         " ms; narrow it down early, or allow more with timeout_ms");
    }
    return {};
}

std::int64_t Work::left_ms() const {
    const std::int64_t used = (monotonic_ns() - started_ns_) / 1'000'000;
    return std::max<std::int64_t>(1, bounds_.timeout_ms - used);
}

void Work::note_spill(std::size_t bytes) { profile_->note_spill(bytes); }

Error Work::too_large(const std::string& where) const {
    return Error(ErrorCode::QUERY_TOO_LARGE,
                 "The stage needs more memory than the " + std::to_string(bounds_.memory_bytes) +
                     " bytes that a query may use; match or limit before it, or keep fewer fields",
                 where);
}

}  // namespace credvault::query
