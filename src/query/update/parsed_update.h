// A checked update as it is kept: a tree of operators, a pipeline, or a replacement. Internal to query/update.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "query/filter.h"
#include "query/pipeline/transform.h"
#include "query/update/update.h"
#include "query/update/update_tree.h"

namespace credvault::query {

struct ParsedUpdate {
    UpdateKind kind = UpdateKind::Operators;
    UpdateLimits limits;
    UpdateNode root;          ///< Operators.
    bool positional = false;  ///< Some path has a `$`.
    std::map<std::string, Filter>
        filters;  ///< array_filters by identifier, each about {identifier: element}.
    std::optional<TransformPipeline> pipeline;
    std::string replacement;  ///< Canonical text.
};

}  // namespace credvault::query
