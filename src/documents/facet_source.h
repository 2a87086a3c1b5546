// $facet with pipelines that ask the store: the documents are held, and each pipeline runs over them in turn.
#pragma once

#include "documents/chained_source.h"
#include "documents/pipeline_run.h"
#include "query/pipeline/facet_stage.h"

namespace credvault::documents {

class FacetSource final : public ChainedSource {
public:
    FacetSource(PipelineContext& context, SourceRef from, const query::FacetStage& stage,
                std::span<const query::StageRef> stages, query::Run& run)
        : ChainedSource(context, stages, run),
          from_(std::move(from)),
          stage_(stage),
          run_(run),
          memory_(context.work) {}

protected:
    Reply<bool> more(query::Batch& input) override;
    const query::Stage* stage() const override { return &stage_; }

private:
    Reply<void> hold();
    Reply<void> run_facet(const query::Pipeline& pipeline, std::string& results);

    SourceRef from_;
    const query::FacetStage& stage_;
    query::Run& run_;
    query::MemoryShare memory_;
    query::Batch held_;
};

}  // namespace credvault::documents
