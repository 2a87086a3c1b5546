#include "query/pipeline/leading_query.h"

#include <algorithm>

#include "query/pipeline/leading_stages.h"

namespace credvault::query {

LeadingQuery leading_query(std::span<const StageRef> stages) {
    LeadingQuery query;
    std::size_t at = 0;
    const auto take_matches = [&] {
        for (; at < stages.size(); ++at) {
            const auto* const match = dynamic_cast<const MatchStage*>(stages[at].get());
            if (match == nullptr) return;
            query.filter = both(query.filter, match->filter());
        }
    };
    take_matches();
    query.matches = at;
    if (at < stages.size()) {
        query.sort = dynamic_cast<const SortStage*>(stages[at].get());
        // What is left out before a sort or after it is the same.
        if (query.sort != nullptr && query.sort->limit() == LeadingQuery::all) {
            ++at;
            take_matches();
        } else if (query.sort != nullptr) {
            ++at;
        }
    }
    for (; at < stages.size(); ++at) {
        if (const auto* skip = dynamic_cast<const SkipStage*>(stages[at].get())) {
            const std::uint64_t left = LeadingQuery::all - query.offset;
            query.offset += std::min(skip->count(), left);
            if (query.limit != LeadingQuery::all) query.limit -= std::min(skip->count(), query.limit);
        } else if (const auto* limit = dynamic_cast<const LimitStage*>(stages[at].get())) {
            query.limit = std::min(query.limit, limit->count());
        } else {
            break;
        }
    }
    query.stages = at;
    return query;
}

}  // namespace credvault::query
