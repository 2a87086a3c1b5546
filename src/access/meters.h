// The meters as I/O threads use them: each thread keeps the meter of every principal that it has met and counts its
// calls beside it, so that a call takes no lock and counts in memory that no other thread writes. take() gathers the
// counts of all threads. Thread-safe; the allotments must outlive it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "access/allotments.h"
#include "access/latencies.h"
#include "access/principal.h"
#include "base/per_thread.h"

namespace credvault::access {

struct CallCounts {
    std::uint64_t requests = 0;  ///< Let through.
    std::uint64_t limited = 0;   ///< Refused with 429.
    std::uint64_t errors = 0;    ///< Let through, and answered with 400 or above.

    CallCounts& operator+=(const CallCounts& other) {
        requests += other.requests;
        limited += other.limited;
        errors += other.errors;
        return *this;
    }
    friend bool operator==(const CallCounts&, const CallCounts&) = default;
};

/// A principal's meter on one thread, and the calls that came through it there.
class MeterUse {
public:
    MeterUse(std::shared_ptr<const Principal> of, std::shared_ptr<Meter> meter)
        : principal_(std::move(of)), meter_(std::move(meter)) {}

    Meter& meter() const { return *meter_; }
    const std::shared_ptr<Allotment>& allotment() const { return meter_->allotment; }
    /// On the thread whose it is. How long a call took counts where it was let through.
    void count(CallClass of, bool limited, bool failed, std::int64_t duration_ns);

private:
    friend class Meters;
    /// Written by one thread, so that no read-modify-write is needed.
    struct Counters {
        std::atomic<std::uint64_t> requests{0}, limited{0}, errors{0};
        std::atomic<LatencyCounters*> latencies{nullptr};  ///< `owned`, once there was a call.
        std::unique_ptr<LatencyCounters> owned;
    };
    /// What take() has seen of them.
    struct Taken {
        CallCounts counts;
        std::vector<std::uint32_t> latencies;
    };
    /// Adds what was counted since the last time; false where that is nothing.
    bool take(std::size_t of, CallCounts& counts, Latencies& latencies);

    const std::shared_ptr<const Principal> principal_;  ///< Held, so that its address stays its own.
    const std::shared_ptr<Meter> meter_;
    std::array<Counters, call_classes> counters_;
    std::array<Taken, call_classes> taken_;
    bool ended_ = false;  ///< Nobody counts any more.
};

struct MeterCounts {
    std::shared_ptr<Meter> meter;
    std::array<CallCounts, call_classes> counts;
    std::array<Latencies, call_classes> latencies;  ///< Of the requests.
};

class Meters {
public:
    explicit Meters(Allotments& allotments) : allotments_(allotments) {}

    /// The calling thread's use of a principal.
    std::shared_ptr<MeterUse> use(const std::shared_ptr<const Principal>& principal);
    /// What was counted since the last time, of those with any, on all threads.
    std::vector<MeterCounts> take();

private:
    struct Table {
        std::mutex mutex;  ///< Over changes of the map by its thread, and reading it by others.
        std::unordered_map<const Principal*, std::shared_ptr<MeterUse>> met;
        std::vector<std::shared_ptr<MeterUse>> retired;
    };
    static constexpr std::size_t most_met = 1024;

    Allotments& allotments_;
    PerThread<Table> tables_;
    std::mutex taking_;
};

}  // namespace credvault::access
