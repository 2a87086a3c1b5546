// $unionWith: the documents from before, then those of another pipeline.
#pragma once

#include <memory>

#include "documents/chained_source.h"
#include "documents/pipeline_run.h"
#include "query/pipeline/store_stages.h"

namespace credvault::documents {

class UnionSource final : public ChainedSource {
public:
    UnionSource(PipelineContext& context, SourceRef from, const query::UnionStage& stage,
                std::span<const query::StageRef> stages, query::Run& run)
        : ChainedSource(context, stages, run), from_(std::move(from)), stage_(stage), run_(run) {}

protected:
    Reply<bool> more(query::Batch& input) override {
        input.set_room(room);
        if (from_) {
            CO_TRY(const bool more, co_await from_->next(input));
            if (!more) from_ = nullptr;
            co_return true;
        }
        if (!second_) {
            second_ = std::make_unique<PipelineRun>(context(), stage_.pipeline, run_.variables);
            FindPlan plan;
            plan.collection = stage_.from;
            plan.missing_is_empty = true;
            CO_TRY_VOID(second_->begin(std::move(plan)));
        }
        if (ended_) co_return false;
        CO_TRY(const bool more, co_await second_->next(input));
        ended_ = !more;
        co_return true;
    }

    const query::Stage* stage() const override { return &stage_; }

private:
    static constexpr query::BatchRoom room{1'000, 1024 * 1024};

    SourceRef from_;
    const query::UnionStage& stage_;
    query::Run& run_;
    std::unique_ptr<PipelineRun> second_;
    bool ended_ = false;
};

}  // namespace credvault::documents
