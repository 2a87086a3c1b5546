#include "query/pipeline/chain.h"

namespace credvault::query {

/// Counts what a stage gives, and lets time pass for the next one.
class Chain::Probe final : public Step {
public:
    Probe(Profile& profile, StageProfile* from, StageProfile* to, Step& next)
        : profile_(profile), from_(from), to_(to), next_(next) {}

    Result<Flow> push(const json::View& document) override {
        ++from_->documents_out;
        const ProfileScope scope(&profile_, to_);
        return next_.push(document);
    }

private:
    Profile& profile_;
    StageProfile* from_;
    StageProfile* to_;
    Step& next_;
};

Chain::Chain(std::span<const StageRef> stages, Run& run) : stages_(stages), run_(run) { restart(); }

StageProfile* Chain::profile_of(std::size_t stage) const {
    if (run_.profile == nullptr || stage >= stages_.size()) return nullptr;
    return run_.profile->of(stages_[stage].get());
}

Step& Chain::probed(std::size_t stage, Step& next) {
    StageProfile* const from = profile_of(stage);
    if (from == nullptr) return next;
    from->documents_out = 0;
    probes_.push_back(std::make_unique<Probe>(*run_.profile, from, profile_of(stage + 1), next));
    return *probes_.back();
}

void Chain::restart() {
    finishing_ = 0;
    steps_.clear();
    probes_.clear();
    steps_.resize(stages_.size());
    Step* next = &output_;
    for (std::size_t i = stages_.size(); i-- > 0;) {
        steps_[i] = stages_[i]->step(run_, probed(i, *next));
        next = steps_[i].get();
    }
}

Result<Flow> Chain::push(const json::View& document) {
    TRY_VOID(run_.work.tick());
    const ProfileScope scope(run_.profile, profile_of(0));
    return steps_.empty() ? output_.push(document) : steps_.front()->push(document);
}

Result<Flow> Chain::resume() { return resume_from(0); }

/// The last step has the oldest documents, so that it goes first.
Result<Flow> Chain::resume_from(std::size_t first) {
    TRY(const Flow room, output_.resume());
    if (room == Flow::Full) return Flow::Full;
    Flow flow = Flow::More;
    for (std::size_t i = steps_.size(); i-- > first;) {
        const ProfileScope scope(run_.profile, profile_of(i));
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
        const ProfileScope scope(run_.profile, profile_of(finishing_));
        TRY(const Flow flow, steps_[finishing_]->finish());
        if (flow == Flow::Full) return Flow::Full;
        ++finishing_;
    }
    return Flow::Done;
}

}  // namespace credvault::query
