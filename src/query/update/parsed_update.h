// A checked update as it is kept: a tree of operators, or a replacement. Internal to query/update.
#pragma once

#include <map>
#include <string>

#include "query/filter.h"
#include "query/update/update.h"
#include "query/update/update_tree.h"

namespace credvault::query {

struct ParsedUpdate {
    UpdateKind kind = UpdateKind::Operators;
    UpdateLimits limits;
    UpdateNode root;          ///< Operators.
    bool positional = false;  ///< Some path has a `$`.
    std::map<std::string, Filter>
        filters;              ///< array_filters by identifier, each about {identifier: element}.
    std::string replacement;  ///< Canonical text.
};

}  // namespace credvault::query
