// The stages that ask the store, as the service that runs pipelines reads them: what they name and compute, checked.
// They have no steps.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/expression/expression.h"
#include "query/path.h"
#include "query/pipeline/pipeline.h"
#include "query/pipeline/transform.h"

namespace credvault::query {

class StoreStage : public Stage {
public:
    StoreStage(std::string_view name, StageShape shape, std::string where)
        : Stage(name, shape), where_(std::move(where)) {}
    std::unique_ptr<Step> step(Run&, Step&) const final { return nullptr; }
    bool asks_store() const final { return true; }
    const std::string& where() const { return where_; }

private:
    std::string where_;
};

/// A variable of a `let`, in the slots behind those of the scope around it.
struct LetVariable {
    std::string name;
    Expression value;  ///< On the outer document.
};

class LookupStage final : public StoreStage {
public:
    static Result<StageRef> parse(const json::View& spec, const StagePlace& place);
    using StoreStage::StoreStage;

    std::string from;  ///< Empty: the pipeline begins with $documents.
    std::optional<Path> local_field;
    std::optional<Path> foreign_field;
    std::vector<LetVariable> variables;
    std::size_t outer_variables = 0;  ///< Slots of the scope around it.
    std::optional<Pipeline> pipeline;
    Path as;
};

class GraphLookupStage final : public StoreStage {
public:
    static Result<StageRef> parse(const json::View& spec, const StagePlace& place);
    GraphLookupStage(Expression start, std::string where)
        : StoreStage("$graphLookup", StageShape::OneToOne, std::move(where)), start_with(std::move(start)) {}

    std::string from;
    Expression start_with;
    Path connect_from;
    Path connect_to;
    Path as;
    std::optional<std::uint64_t> max_depth;
    std::optional<Path> depth_field;
    Filter restriction;
};

class UnionStage final : public StoreStage {
public:
    static Result<StageRef> parse(const json::View& spec, const StagePlace& place);
    using StoreStage::StoreStage;

    std::string from;  ///< Empty: the pipeline begins with $documents.
    Pipeline pipeline;
};

enum class WhenMatched : std::uint8_t { Replace, KeepExisting, Merge, Fail, Pipeline };
enum class WhenNotMatched : std::uint8_t { Insert, Discard, Fail };

class MergeStage final : public StoreStage {
public:
    static Result<StageRef> parse(const json::View& spec, const StagePlace& place);
    using StoreStage::StoreStage;

    std::string into;
    std::vector<Path> on;  ///< At least one; `id` where nothing was said.
    WhenMatched when_matched = WhenMatched::Merge;
    WhenNotMatched when_not_matched = WhenNotMatched::Insert;
    std::vector<LetVariable> variables;
    std::size_t outer_variables = 0;
    std::size_t new_slot = 0;  ///< Of $$new.
    std::optional<TransformPipeline> update;
};

class OutStage final : public StoreStage {
public:
    static Result<StageRef> parse(const json::View& spec, const StagePlace& place);
    OutStage(std::string into_collection, std::string where)
        : StoreStage("$out", StageShape::Collecting, std::move(where)), into(std::move(into_collection)) {}

    std::string into;
};

}  // namespace credvault::query
