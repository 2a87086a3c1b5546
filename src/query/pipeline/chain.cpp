#include "query/pipeline/chain.h"

namespace credvault::query {

Chain::Chain(std::span<const StageRef> stages, Run& run) : stages_(stages), run_(run) { restart(); }

void Chain::restart() {
    finishing_ = 0;
    steps_.clear();
    steps_.resize(stages_.size());
    Step* next = &output_;
    for (std::size_t i = stages_.size(); i-- > 0;) {
        steps_[i] = stages_[i]->step(run_, *next);
        next = steps_[i].get();
    }
}

Result<Flow> Chain::push(const json::View& document) {
    TRY_VOID(run_.work.tick());
    return steps_.empty() ? output_.push(document) : steps_.front()->push(document);
}

Result<Flow> Chain::resume() { return resume_from(0); }

/// The last step has the oldest documents, so that it goes first.
Result<Flow> Chain::resume_from(std::size_t first) {
    TRY(const Flow room, output_.resume());
    if (room == Flow::Full) return Flow::Full;
    Flow flow = Flow::More;
    for (std::size_t i = steps_.size(); i-- > first;) {
        TRY(const Flow one, steps_[i]->resume());
        if (one == Flow::Full) return Flow::Full;
        if (one == Flow::Done) flow = Flow::Done;
    }
    return flow;
}

Result<Flow> Chain::finish() {
    while (finishing_ < steps_.size()) {
        TRY_VOID(run_.work.check());
        TRY(const Flow resumed, resume_from(finishing_ + 1));
        if (resumed == Flow::Full) return Flow::Full;
        TRY(const Flow flow, steps_[finishing_]->finish());
        if (flow == Flow::Full) return Flow::Full;
        ++finishing_;
    }
    return Flow::Done;
}

}  // namespace credvault::query
