// What a filter says about single paths that an index can use: values that a path must equal and ranges within which it
// must lie, read from the predicates that all have to hold. Internal to the planner.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/filter.h"
#include "query/planner.h"

namespace credvault::query {

/// The encoded values (ascending) among which a path's value is.
struct PathBounds {
    std::vector<std::string> points;  ///< Equality with one of these, sorted; empty: see range.
    std::optional<KeyRange> range;    ///< low <= key < high.
    bool two_sided = false;           ///< The range came from a lower and an upper predicate.
    bool never_missing = false;       ///< No record without the field can match.
    std::size_t used = 0;             ///< Predicates on this path that the bounds say completely.
};

/// The predicates that all have to hold: the filter's top-level conjunction, flattened.
std::vector<const FilterNode*> conjuncts(const FilterNode& root);

/// What the conjuncts say about one path. With `multikey` a value may be any element of an array, so that only one
/// predicate on the path bounds it. Nothing where none can be used.
std::optional<PathBounds> bounds_of(const std::vector<const FilterNode*>& conjuncts, const Path& path, bool multikey);
/// Whether the filter can only match records that have the path.
bool implies_presence(const std::vector<const FilterNode*>& conjuncts, const Path& path);

/// The first bytes after everything that begins with `bytes`; empty where there is none.
std::string after_prefix(std::string bytes);

}  // namespace credvault::query
