// The values of $project, $addFields and $unset. Internal to query/pipeline/.
#pragma once

#include "query/pipeline/stage_parsing.h"
#include "query/pipeline/transform.h"

namespace credvault::query {

/// Includes, excludes, computes. `id` is kept by an inclusive one unless it is excluded.
Result<TransformRef> parse_project(const json::View& spec, const StagePlace& place);
/// $addFields and $set.
Result<TransformRef> parse_new_fields(const json::View& spec, const StagePlace& place);
/// A name or an array of names.
Result<TransformRef> parse_unset(const json::View& spec, const StagePlace& place);

}  // namespace credvault::query
