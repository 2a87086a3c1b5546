// An aggregation pipeline, parsed and checked whole: the stages in their order. Immutable, cheap to copy, run by any
// number of queries at once. MongoDB's meaning on JSON values; documents/ runs it on collections.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/view.h"
#include "query/expression/scope.h"
#include "query/pipeline/stage.h"
#include "query/pipeline/stage_parsing.h"

namespace credvault::query {

class Pipeline {
public:
    Pipeline() = default;
    explicit Pipeline(std::vector<StageRef> stages)
        : stages_(std::make_shared<const std::vector<StageRef>>(std::move(stages))) {}

    std::span<const StageRef> stages() const {
        return stages_ ? std::span<const StageRef>(*stages_) : std::span<const StageRef>();
    }
    /// Whether it begins with $documents, and so needs no collection.
    bool has_documents() const;
    /// Whether it ends with $merge or $out.
    bool writes() const;

private:
    std::shared_ptr<const std::vector<StageRef>> stages_;
};

/// Parses the value of `pipeline`: an array of stages. Variables are those of `scope`. `text` is what the collection's
/// text index indexes, for a $text in the first stage. Fails with INVALID_PIPELINE,
/// UNSUPPORTED_OPERATOR, or as the filters and expressions in it do; `field` is the place, as in
/// "pipeline.2.$group.total".
Result<Pipeline> parse_pipeline(const json::View& stages, const Scope& scope = {},
                                const PipelineLimits& limits = query_limits().pipeline,
                                std::shared_ptr<const TextSource> text = nullptr);

/// What a pipeline within a stage may not have beside what no pipeline within another may ($merge and $out).
enum class Nested : std::uint8_t {
    Free,    ///< $lookup, $unionWith.
    Facet,   ///< No $facet, $documents.
    Update,  ///< Nothing but transforms.
};
/// Parses a pipeline within a stage, `name` being the option that holds it.
Result<Pipeline> parse_nested_pipeline(const json::View& stages, const StagePlace& place,
                                       std::string_view name, const Scope& scope, Nested nested);

}  // namespace credvault::query
