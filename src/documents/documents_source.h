// Documents that need no collection: those that a $documents stage writes down, and those that a pipeline within a
// stage is given.
#pragma once

#include "documents/chained_source.h"
#include "query/pipeline/documents_stage.h"

namespace credvault::documents {

class WrittenDocuments final : public ChainedSource {
public:
    /// Precondition: `stage` is a DocumentsStage.
    WrittenDocuments(PipelineContext& context, const query::Stage& stage,
                     std::span<const query::StageRef> stages, query::Run& run)
        : ChainedSource(context, stages, run),
          stage_(static_cast<const query::DocumentsStage&>(stage)),
          run_(run) {}

protected:
    Reply<bool> more(query::Batch& input) override {
        if (given_) return false;
        given_ = true;
        TRY_VOID(stage_.append(input, run_));
        return true;
    }
    const query::Stage* stage() const override { return &stage_; }

private:
    const query::DocumentsStage& stage_;
    query::Run& run_;
    bool given_ = false;
};

class HeldDocuments final : public ChainedSource {
public:
    HeldDocuments(PipelineContext& context, const query::Batch& documents,
                  std::span<const query::StageRef> stages, query::Run& run)
        : ChainedSource(context, stages, run), documents_(documents) {}

protected:
    Reply<bool> more(query::Batch& input) override {
        constexpr std::size_t at_once = 1'000;
        for (std::size_t i = 0; i < at_once && given_ < documents_.size(); ++i)
            input.add(documents_[given_++]);
        return !input.empty();
    }

private:
    const query::Batch& documents_;
    std::size_t given_ = 0;
};

}  // namespace credvault::documents
