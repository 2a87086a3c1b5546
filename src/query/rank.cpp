#include "query/rank.h"

#include "query/geo/near.h"

namespace credvault::query {

Rank::Rank(const Filter& filter, const TextStatistics& statistics) : filter_(&filter) {
    if (filter.text() != nullptr) ranking_.emplace(statistics);
}

double Rank::of(const json::View& record) const {
    if (ranking_) return ranking_->score(filter_->text()->hits_in(record));
    const FilterNode* const near = filter_ != nullptr ? filter_->near() : nullptr;
    if (near == nullptr) return 0;
    const std::optional<json::View> first = record.find(near->path.parts[0].escaped);
    return near->near->distance_in(first ? &*first : nullptr, near->path.parts).value_or(0);
}

}  // namespace credvault::query
