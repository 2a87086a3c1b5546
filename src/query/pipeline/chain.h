// The steps of consecutive stages, joined for one run. The caller pushes documents while More comes back; after Full it
// makes room in the batch and calls resume() until More comes, then goes on. One thread at a time.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "query/pipeline/batch.h"
#include "query/pipeline/profile.h"
#include "query/pipeline/run.h"
#include "query/pipeline/stage.h"

namespace credvault::query {

class Chain {
public:
    /// Stages and run outlive the chain. Precondition: none of the stages asks the store.
    Chain(std::span<const StageRef> stages, Run& run);
    Chain(const Chain&) = delete;
    Chain& operator=(const Chain&) = delete;

    /// Where the documents go; before each round of calls.
    void fill(Batch& batch) { output_.fill(&batch); }
    Result<Flow> push(const json::View& document);
    Result<Flow> resume();
    /// No more input. Full: there is more to come (make room, call it again); Done: that was all.
    Result<Flow> finish();
    /// Begins anew, as if nothing had been pushed.
    void restart();

private:
    class Probe;

    Step& probed(std::size_t stage, Step& next);
    StageProfile* profile_of(std::size_t stage) const;
    Result<Flow> resume_from(std::size_t first);

    std::span<const StageRef> stages_;
    Run& run_;
    BatchOutput output_;
    std::vector<std::unique_ptr<Step>> steps_;
    std::vector<std::unique_ptr<Step>> probes_;  ///< Between them, where the run is explained.
    std::size_t finishing_ = 0;
};

}  // namespace credvault::query
