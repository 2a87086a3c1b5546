#include "api/request_counters.h"

#include <algorithm>
#include <utility>

namespace credvault::api {
namespace {

using Count = std::atomic<std::uint64_t>;

/// Only the counting thread writes, so no read-modify-write is needed.
void add(Count& count, std::uint64_t amount) {
    count.store(count.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

std::size_t status_index(int status) {
    // Most answers are 200, the first.
    const auto* const found = std::find(counted_statuses.begin(), counted_statuses.end(), status);
    return std::min(static_cast<std::size_t>(found - counted_statuses.begin()), counted_statuses.size() - 1);
}

std::size_t latency_index(std::int64_t us) {
    const auto* const found = std::find_if(latency_bounds_us.begin(), latency_bounds_us.end(),
                                           [us](std::int64_t bound) { return us <= bound; });
    return static_cast<std::size_t>(found - latency_bounds_us.begin());
}

}  // namespace

RequestCounters::RequestCounters(std::size_t operations)
    : operations_(operations), tables_([operations] { return std::make_shared<Table>(operations + 1); }) {}

void RequestCounters::count(std::size_t operation, int status, std::int64_t duration_ns) {
    Row& row = tables_.mine()[std::min(operation, operations_)];
    const std::int64_t us = duration_ns / 1000;
    add(row.statuses[status_index(status)], 1);
    add(row.latency[latency_index(us)], 1);
    add(row.total_us, static_cast<std::uint64_t>(us));
}

std::vector<OperationCounts> RequestCounters::read() const {
    std::vector<OperationCounts> sums(operations_ + 1);
    const auto sum_up = [](auto& to, const auto& from) {
        for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i].load(std::memory_order_relaxed);
    };
    for (const auto& table : tables_.all()) {
        for (std::size_t i = 0; i < sums.size(); ++i) {
            sum_up(sums[i].statuses, (*table)[i].statuses);
            sum_up(sums[i].latency, (*table)[i].latency);
            sums[i].total_us += (*table)[i].total_us.load(std::memory_order_relaxed);
        }
    }
    return sums;
}

}  // namespace credvault::api
