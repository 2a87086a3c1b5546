// How well a record answers a search: BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
// Beyond", 2009) with k1 = 1.2 and b = 0.75, as if a field stood there as often as it weighs. The same numbers give the
// same score, bit for bit, whether they come from an index or from the record. Value types; thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "query/text/text_query.h"

namespace credvault::query {

/// What is to be known of a collection. Where it is not known, all terms count alike.
struct TextStatistics {
    std::uint64_t records = 0;
    std::uint64_t length = 0;  ///< Sum of their lengths.
    std::vector<std::uint64_t>
        entries;  ///< For each term of the search: how many entries an index has of it.
};

class TextRanking {
public:
    explicit TextRanking(const TextStatistics& statistics);

    /// `weights` are those of the search's terms in the record, 0 where it lacks one.
    double score(std::span<const std::uint32_t> weights, std::uint32_t length) const;
    double score(const TermHits& hits) const;

private:
    std::vector<double> rarity_;  ///< Of each term.
    double mean_length_;
};

}  // namespace credvault::query
