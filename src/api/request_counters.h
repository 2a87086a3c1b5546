// Counts of answered requests by operation, status and time taken. Each thread counts for itself without a lock;
// reading adds the threads up. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "base/per_thread.h"

namespace credvault::api {

/// Upper bounds of the latency histogram in microseconds; the last bucket has none.
inline constexpr std::array<std::int64_t, 14> latency_bounds_us{
    50, 100, 250, 500, 1'000, 2'500, 5'000, 10'000, 25'000, 100'000, 250'000, 500'000, 1'000'000, 5'000'000};
/// Statuses that are counted on their own; others count as the last, 0.
inline constexpr std::array<int, 24> counted_statuses{200, 201, 202, 204, 304, 400, 401, 403,
                                                      404, 405, 406, 408, 409, 412, 413, 415,
                                                      422, 428, 429, 431, 500, 501, 503, 0};

/// One operation's counts.
struct OperationCounts {
    std::array<std::uint64_t, counted_statuses.size()> statuses{};
    std::array<std::uint64_t, latency_bounds_us.size() + 1> latency{};
    std::uint64_t total_us = 0;
};

class RequestCounters {
public:
    /// `operations` are the numbers that count() takes; one more (equal to it) stands for what was not routed.
    explicit RequestCounters(std::size_t operations);

    void count(std::size_t operation, int status, std::int64_t duration_ns);
    std::vector<OperationCounts> read() const;
    std::size_t operations() const { return operations_; }

private:
    using Count = std::atomic<std::uint64_t>;
    struct Row {
        std::array<Count, counted_statuses.size()> statuses{};
        std::array<Count, latency_bounds_us.size() + 1> latency{};
        Count total_us{0};
    };
    using Table = std::vector<Row>;

    const std::size_t operations_;
    PerThread<Table> tables_;
};

}  // namespace credvault::api
