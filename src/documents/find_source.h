// The documents of a collection at the beginning of a pipeline, and the first stages of it. What the engine can answer
// (filter, order, offset, limit) it is asked for; the rest runs as a chain. Where nothing comes out of the chain before
// everything has gone in, or only one batch is wanted, the chain runs right in the engine's sink, on its threads, and
// records are not copied; else the collection is read batch by batch.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "documents/document_source.h"
#include "documents/pipeline_context.h"
#include "query/pipeline/chain.h"
#include "query/pipeline/leading_query.h"

namespace credvault::documents {

struct FindPlan {
    std::string collection;
    bool single_batch = false;      ///< next() is called once.
    query::Filter also;             ///< Holds of the records beside what the pipeline asks.
    std::string after;              ///< Only records behind this position; for pipelines that are continued.
    bool want_scores = false;       ///< Expressions may ask for the score of a search.
    bool missing_is_empty = false;  ///< A collection that is not there has no documents.
};

class FindSource final : public DocumentSource {
public:
    /// `stages`: those that the source may run, from the pipeline's first on. All but the plan outlive it.
    FindSource(PipelineContext& context, FindPlan plan, std::span<const query::StageRef> stages,
               query::Run& run);

    Reply<bool> next(query::Batch& batch) override;
    /// With a single batch: the position of the last record that went into it, where there are more.
    const std::string& position() const { return request_.after; }

private:
    /// Decides what the engine is asked for.
    Reply<void> start();
    Reply<bool> has_ordered_plan();
    Reply<bool> next_directly(query::Batch& batch);
    Reply<bool> next_batched(query::Batch& batch);
    Reply<bool> read_batch();
    Reply<bool> finish_chain();
    Result<bool> push_input();
    /// The answer of a find, where a collection may be missing.
    Result<storage::FindResult> found(Result<storage::FindResult> result) const;

    PipelineContext& context_;
    FindPlan plan_;
    std::span<const query::StageRef> stages_;
    query::Run& run_;
    query::LeadingQuery leading_;
    storage::FindRequest request_;
    std::unique_ptr<query::Chain> chain_;
    bool direct_ = false;
    bool read_all_ = false;  ///< Nothing more comes from the engine, or is wanted of it.
    query::Batch input_;
    std::vector<double> scores_;  ///< Of the documents in it.
    std::size_t pushed_ = 0;
    bool blocked_ = false;
};

}  // namespace credvault::documents
