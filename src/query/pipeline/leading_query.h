// What an engine can answer of a pipeline's beginning: consecutive $match, one $sort, $skip and $limit as one find.
// Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "query/filter.h"
#include "query/pipeline/stage.h"
#include "query/sort.h"

namespace credvault::query {

struct LeadingQuery {
    static constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();

    Filter filter;
    const class SortStage* sort = nullptr;
    std::uint64_t offset = 0;
    std::uint64_t limit = all;
    std::size_t matches = 0;  ///< Stages that `filter` stands for.
    std::size_t stages = 0;   ///< Stages that all of it stands for.
};

LeadingQuery leading_query(std::span<const StageRef> stages);

}  // namespace credvault::query
