// Documents that come from below, pushed through a chain of steps: $group and the like in the middle of a pipeline.
// Derived classes say where the documents come from.
#pragma once

#include <span>

#include "documents/document_source.h"
#include "documents/pipeline_context.h"
#include "query/pipeline/chain.h"

namespace credvault::documents {

class ChainedSource : public DocumentSource {
public:
    /// `stages` are those behind what derived classes do; all outlive the source.
    ChainedSource(PipelineContext& context, std::span<const query::StageRef> stages, query::Run& run)
        : context_(context), run_(run), chain_(stages, run) {}

    Reply<bool> next(query::Batch& batch) final;

protected:
    /// Puts more documents into `input`, which is empty; false where there are none and never will be. May give none
    /// and still return true.
    virtual Reply<bool> more(query::Batch& input) = 0;
    /// What `more` does for a stage, if for any.
    virtual const query::Stage* stage() const { return nullptr; }
    PipelineContext& context() { return context_; }

private:
    /// Pushes what is in the input; true when the batch is full.
    Result<bool> push_input();

    /// more(), for the stage's account.
    Reply<bool> read_more();

    PipelineContext& context_;
    query::Run& run_;
    query::Chain chain_;
    query::Batch input_;
    std::size_t pushed_ = 0;
    bool blocked_ = false;  ///< Resume before the next push.
    bool ended_ = false;    ///< No more input is wanted or there.
};

}  // namespace credvault::documents
