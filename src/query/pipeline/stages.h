// The parsers of the stages, by name. Each takes the stage's value and fails with INVALID_PIPELINE, or as the filters
// and expressions in it do. Internal to query/pipeline/.
#pragma once

#include <vector>

#include "query/pipeline/stage.h"
#include "query/pipeline/stage_parsing.h"

namespace credvault::query {

Result<StageRef> parse_bucket(const json::View& spec, const StagePlace& place);
Result<StageRef> parse_bucket_auto(const json::View& spec, const StagePlace& place);
Result<StageRef> parse_count(const json::View& spec, const StagePlace& place);
Result<StageRef> parse_facet(const json::View& spec, const StagePlace& place);
Result<StageRef> parse_redact(const json::View& spec, const StagePlace& place);
Result<StageRef> parse_sample(const json::View& spec, const StagePlace& place);
Result<StageRef> parse_unwind(const json::View& spec, const StagePlace& place);
Result<StageRef> parse_set_window_fields(const json::View& spec, const StagePlace& place);
/// Becomes two stages.
Status parse_sort_by_count(const json::View& spec, const StagePlace& place, std::vector<StageRef>& out);
/// One of transform.h.
Result<StageRef> parse_transform_stage(std::string_view name, const json::View& spec,
                                       const StagePlace& place);

}  // namespace credvault::query
