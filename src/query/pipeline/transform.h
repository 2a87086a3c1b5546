// Stages that make one document from one document and look at nothing else: $project, $addFields and $set, $unset,
// $replaceRoot and $replaceWith. Pipelines run them as steps; updates by pipeline apply them to a record. Immutable;
// thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/view.h"
#include "query/expression/evaluation.h"
#include "query/expression/scope.h"
#include "query/pipeline/stage_parsing.h"

namespace credvault::query {

class Transform {
public:
    virtual ~Transform() = default;
    /// Appends the new document. `out` must not hold the old one. On failure `out` is undefined. Fails as expressions
    /// do, and with INVALID_PIPELINE where the new root is no object.
    virtual Status append(std::string& out, const json::View& document, Evaluation& evaluation) const = 0;
};

using TransformRef = std::shared_ptr<const Transform>;

/// Whether parse_transform knows the stage.
bool is_transform(std::string_view stage);
/// Its name as a literal. Precondition: is_transform.
std::string_view transform_name(std::string_view stage);
/// Parses the value of one stage: `stage` is its name with the dollar sign. Fails with INVALID_PIPELINE or
/// UNSUPPORTED_OPERATOR, or as expressions do; `field` begins with `where`. Variables are those of `scope`.
Result<TransformRef> parse_transform(std::string_view stage, const json::View& spec, std::string where,
                                     const Scope& scope);

/// The transforms of an update by pipeline, which may have nothing but $set, $addFields, $unset, $project,
/// $replaceRoot and $replaceWith.
class TransformPipeline {
public:
    /// Fails as parse_transform does, `field` beginning with "update.0.$set" where `name` is "update"; also where
    /// there are other stages, or more than 1,000.
    static Result<TransformPipeline> parse(const json::View& stages, std::string_view name,
                                           const Scope& scope);
    /// The document after all of them.
    Result<std::string> apply(const json::View& document, Evaluation& evaluation) const;

private:
    TransformPipeline() = default;

    std::vector<TransformRef> transforms_;
};

}  // namespace credvault::query
