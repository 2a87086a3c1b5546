// How long calls took, as a histogram that adds up: logarithmic buckets that are each cut into 8 of equal width, as in
// G. Tene's HdrHistogram. Sums of histograms are those of all their calls, so that percentiles come from any number of
// threads, keys and hours. A plain value type.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "json/value.h"

namespace credvault::access {

class Latencies {
public:
    /// Below 8 µs one for each; then 8 for each doubling, up to 134 s. What took longer is in the last.
    static constexpr std::size_t buckets = 200;
    /// A percentile lies within this share of what the call at its rank took, or within 1 µs: half a bucket's width
    /// beside its middle, 1/17. Not for what took longer than the last bucket says.
    static constexpr double most_error = 1.0 / 17;

    static constexpr std::size_t bucket_of(std::int64_t ns) {
        const std::uint64_t us = ns > 0 ? static_cast<std::uint64_t>(ns) / 1'000 : 0;
        if (us < parts) return us;
        const std::size_t doublings = static_cast<std::size_t>(std::bit_width(us)) - 1 - part_bits;
        const std::size_t bucket = parts + doublings * parts + ((us >> doublings) & (parts - 1));
        return bucket < buckets ? bucket : buckets - 1;
    }

    /// Precondition: a bucket.
    void add(std::size_t bucket, std::uint64_t calls);
    Latencies& operator+=(const Latencies& other);
    std::uint64_t calls() const;
    /// In milliseconds, what the call at the rank took (the nearest rank: of 100 calls the 95th is that of 0.95).
    /// Nothing where there were none. Precondition: 0 < share <= 1.
    std::optional<double> percentile_ms(double share) const;

    /// As it is stored: [bucket, calls, bucket, calls, …], ascending.
    json::Value stored() const;
    /// Of what stored() gave; what is none of it counts for nothing.
    static Latencies from_stored(json::View view);

    friend bool operator==(const Latencies&, const Latencies&) = default;

private:
    static constexpr std::size_t part_bits = 3;
    static constexpr std::size_t parts = std::size_t{1} << part_bits;

    struct Bucket {
        std::size_t number;
        std::uint64_t calls;
        friend bool operator==(const Bucket&, const Bucket&) = default;
    };
    std::vector<Bucket> filled_;  ///< Ascending; none without calls.
};

/// Of one thread's calls; others may read. A count wraps, which differences don't mind.
using LatencyCounters = std::array<std::atomic<std::uint32_t>, Latencies::buckets>;

}  // namespace credvault::access
