#include "query/text/text_ranking.h"

#include <algorithm>
#include <cmath>

namespace credvault::query {
namespace {

constexpr double k1 = 1.2;
constexpr double b = 0.75;

}  // namespace

TextRanking::TextRanking(const TextStatistics& statistics) {
    const auto records = static_cast<double>(std::max<std::uint64_t>(statistics.records, 1));
    for (const std::uint64_t entries : statistics.entries) {
        // Counts may lag behind each other while records are written.
        const double with = std::min(static_cast<double>(entries), records);
        rarity_.push_back(std::log1p((records - with + 0.5) / (with + 0.5)));
    }
    mean_length_ = std::max(static_cast<double>(statistics.length) / records, 1.0);
}

double TextRanking::score(std::span<const std::uint32_t> weights, std::uint32_t length) const {
    const double norm = k1 * (1 - b + b * static_cast<double>(length) / mean_length_);
    double sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] == 0) continue;
        const double weight = weights[i];
        sum += (i < rarity_.size() ? rarity_[i] : 1.0) * weight * (k1 + 1) / (weight + norm);
    }
    return sum;
}

double TextRanking::score(const TermHits& hits) const {
    std::vector<std::uint32_t> weights;
    weights.reserve(hits.hits.size());
    for (const TermHits::Hit& hit : hits.hits) weights.push_back(hit.weight);
    return score(weights, hits.length);
}

}  // namespace credvault::query
