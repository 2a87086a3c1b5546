#include "query/expression/statistics.h"

#include <algorithm>
#include <cmath>

namespace credvault::query {

void Deviation::add(double value) {
    ++count_;
    const double delta = value - mean_;
    mean_ += delta / static_cast<double>(count_);
    squares_ += delta * (value - mean_);
}

std::optional<double> Deviation::population() const {
    if (count_ == 0) return std::nullopt;
    return std::sqrt(squares_ / static_cast<double>(count_));
}

std::optional<double> Deviation::sample() const {
    if (count_ < 2) return std::nullopt;
    return std::sqrt(squares_ / static_cast<double>(count_ - 1));
}

std::optional<PercentileMethod> percentile_method(std::string_view name) {
    if (name == "approximate") return PercentileMethod::Approximate;
    if (name == "discrete") return PercentileMethod::Discrete;
    if (name == "continuous") return PercentileMethod::Continuous;
    return std::nullopt;
}

double percentile(std::span<const double> sorted, double p, PercentileMethod method) {
    const auto last = static_cast<double>(sorted.size() - 1);
    if (method == PercentileMethod::Continuous) {
        const double rank = p * last;
        const double below = std::floor(rank);
        const double low = sorted[static_cast<std::size_t>(below)];
        const double high = sorted[static_cast<std::size_t>(std::min(below + 1, last))];
        return low + (high - low) * (rank - below);
    }
    const double rank = std::clamp(std::ceil(p * static_cast<double>(sorted.size())) - 1, 0.0, last);
    return sorted[static_cast<std::size_t>(rank)];
}

}  // namespace credvault::query
