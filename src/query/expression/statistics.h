// Statistics over numbers one after the other, for accumulators and for expressions over arrays. One object, one
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace credvault::query {

/// The standard deviation, by Welford's method.
class Deviation {
public:
    void add(double value);
    std::uint64_t count() const { return count_; }
    /// Of the whole population; nothing without values.
    std::optional<double> population() const;
    /// Estimated from a sample; nothing with fewer than two values.
    std::optional<double> sample() const;

private:
    std::uint64_t count_ = 0;
    double mean_ = 0;
    double squares_ = 0;
};

enum class PercentileMethod : std::uint8_t { Approximate, Discrete, Continuous };
std::optional<PercentileMethod> percentile_method(std::string_view name);

/// The percentile p (0 to 1) of sorted values: the least of them that p of all do not exceed; Continuous goes between
/// two. Precondition: there are values.
double percentile(std::span<const double> sorted, double p, PercentileMethod method);

}  // namespace credvault::query
