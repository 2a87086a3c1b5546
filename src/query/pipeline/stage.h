// A stage of a pipeline, parsed and checked: immutable, shared by any number of runs. Most stages make a Step for a
// run; those that ask the store are driven by the service that runs the pipeline (StoreStage), which knows their kinds.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "query/filter.h"
#include "query/pipeline/run.h"
#include "query/pipeline/step.h"
#include "query/sort.h"

namespace credvault::query {

/// How many documents a stage gives for those that it takes; what may be moved or continued depends on it.
enum class StageShape : std::uint8_t {
    OneToOne,   ///< One for each, at once.
    Filter,     ///< One or none for each, at once, whatever the others are.
    FanOut,     ///< Any number for each, at once.
    Counting,   ///< At once, but it depends on how many came before.
    Collecting  ///< When all have come.
};

class Stage {
public:
    Stage(std::string_view name, StageShape shape) : name_(name), shape_(shape) {}
    virtual ~Stage() = default;

    /// The step of a run, which gives to `next`. Both live as long as the run. Precondition: not asks_store().
    virtual std::unique_ptr<Step> step(Run& run, Step& next) const = 0;
    /// Whether only the service can run it.
    virtual bool asks_store() const { return false; }

    /// With its dollar sign; a literal.
    std::string_view name() const { return name_; }
    StageShape shape() const { return shape_; }

private:
    std::string_view name_;
    StageShape shape_;
};

using StageRef = std::shared_ptr<const Stage>;

}  // namespace credvault::query
