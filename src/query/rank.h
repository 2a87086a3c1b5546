// What a query orders records by that is no field of theirs: the score of its $text, or the distance of its $near.
// Immutable; thread-safe. Refers to the filter, which must outlive it.
#pragma once

#include <optional>

#include "json/view.h"
#include "query/filter.h"
#include "query/text/text_ranking.h"

namespace credvault::query {

class Rank {
public:
    /// Ranks all alike.
    Rank() = default;
    /// `statistics` are asked where the filter has a $text.
    Rank(const Filter& filter, const TextStatistics& statistics);

    /// 0 where the record has none.
    double of(const json::View& record) const;
    const TextRanking* text() const { return ranking_ ? &*ranking_ : nullptr; }

private:
    const Filter* filter_ = nullptr;
    std::optional<TextRanking> ranking_;
};

}  // namespace credvault::query
