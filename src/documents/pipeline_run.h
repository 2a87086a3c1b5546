// One run of one pipeline: its evaluation, and its parts as sources, each of which reads the one before. Pipelines
// within it ($lookup, $unionWith) are runs of their own in the same context. Pulled batch by batch by one coroutine at
// a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "documents/document_source.h"
#include "documents/find_source.h"
#include "documents/pipeline_context.h"
#include "query/expression/evaluation.h"
#include "query/pipeline/pipeline.h"
#include "query/pipeline/profile.h"
#include "query/pipeline/run.h"

namespace credvault::documents {

class PipelineRun {
public:
    /// `variables`: the values of the scope that the pipeline was parsed with, by slot. The context outlives the run.
    PipelineRun(PipelineContext& context, query::Pipeline pipeline, std::vector<query::Item> variables);

    /// Before begin(): keeps account of its stages. `profile` outlives the run.
    void explain(query::Profile& profile);
    /// Runs it on a collection, or from its $documents on.
    Status begin(FindPlan plan);
    /// Runs it on documents that are there and outlive the run.
    Status begin(const query::Batch& documents);
    /// As DocumentSource::next.
    Reply<bool> next(query::Batch& batch) { return source_->next(batch); }
    /// FindSource::position(). Precondition: the pipeline begins with a find and has nothing that asks the store.
    const std::string& position() const { return static_cast<const FindSource&>(*source_).position(); }

private:
    /// Adds the parts from stage `at` on.
    Status add_parts(std::size_t at);
    Result<SourceRef> part(const query::Stage& stage, std::span<const query::StageRef> steps);
    /// The stages from `at` on up to the next that asks the store.
    std::span<const query::StageRef> steps_from(std::size_t at) const;

    PipelineContext& context_;
    query::Pipeline pipeline_;
    query::Evaluation evaluation_;
    query::Run run_;
    SourceRef source_;
};

}  // namespace credvault::documents
