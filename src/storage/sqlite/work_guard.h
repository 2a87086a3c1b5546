// The bounds of one question's work: time, memory, whether the asker is still there; and how much of it may be done
// before the thread has to do something else. Plain values; one thread at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/clock.h"
#include "base/result.h"
#include "storage/errors.h"
#include "storage/read.h"
#include "storage/sqlite/sqlite_options.h"

namespace credvault::storage {

/// What may be done in one go. Looking at a record costs a row and its bytes; at an index entry alone less.
struct Slice {
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
    std::int64_t until_ns = unbounded;
    bool on_worker = false;
    bool is_new = true;  ///< Nothing was taken from it yet.

    static Slice inline_of(const SqliteOptions& options) {
        return {static_cast<std::int64_t>(options.inline_rows) * row_cost,
                static_cast<std::int64_t>(options.inline_bytes), unbounded, false, true};
    }
    static Slice worker_of(const SqliteOptions& options) {
        return {static_cast<std::int64_t>(options.slice_rows) * row_cost, unbounded,
                monotonic_ns() + options.slice_ms * 1'000'000, true, true};
    }

    void take_record(std::size_t size) {
        rows -= row_cost;
        bytes -= static_cast<std::int64_t>(size);
        is_new = false;
    }
    void take_key() {
        rows -= 1;
        is_new = false;
    }
    bool is_used_up() const { return rows <= 0 || bytes <= 0; }
    /// A slice whose time ran out before its thread got to run may still take one step, so that all get somewhere.
    bool may_go_on_at(std::int64_t now_ns) const { return is_new || now_ns < until_ns; }

    static constexpr std::int64_t row_cost = 16;  ///< In keys.
    static constexpr std::int64_t unbounded = std::numeric_limits<std::int64_t>::max();
};

class WorkGuard {
public:
    WorkGuard(const WorkLimits& limits, const SqliteOptions& options)
        : cancelled_(limits.cancelled),
          timeout_ms_(std::clamp<std::int64_t>(limits.timeout_ms, 0, options.max_timeout_ms)),
          memory_bytes_(std::min(limits.memory_bytes, options.max_sort_bytes)),
          started_ns_(monotonic_ns()) {}

    /// Fails with QUERY_TIMEOUT.
    Status check() const {
        if (cancelled_ != nullptr && cancelled_->load(std::memory_order_relaxed)) return query_cancelled();
        if (elapsed_ns() > timeout_ms_ * 1'000'000) return query_timeout(timeout_ms_);
        return {};
    }
    std::int64_t elapsed_ns() const { return monotonic_ns() - started_ns_; }
    std::size_t memory_bytes() const { return memory_bytes_; }

private:
    const std::atomic<bool>* cancelled_;
    std::int64_t timeout_ms_;
    std::size_t memory_bytes_;
    std::int64_t started_ns_;
};

}  // namespace credvault::storage
