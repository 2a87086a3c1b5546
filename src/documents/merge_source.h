// $merge: what a pipeline gives is merged into a collection, batch by batch. It gives no documents; the first pull does
// all.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "documents/document_source.h"
#include "documents/pipeline_context.h"
#include "query/pipeline/run.h"
#include "query/pipeline/store_stages.h"
#include "storage/write.h"

namespace credvault::documents {

class MergeSource final : public DocumentSource {
public:
    MergeSource(PipelineContext& context, SourceRef from, const query::MergeStage& stage, query::Run& run)
        : context_(context), from_(std::move(from)), stage_(stage), run_(run) {}

    Reply<bool> next(query::Batch& batch) override;

private:
    class Change;
    struct Merging;

    Reply<void> check_target();
    /// `last`: nothing comes behind these documents.
    Reply<void> merge(const query::Batch& documents, bool last);
    Reply<bool> try_merge(Merging& merging, bool last);
    Reply<void> merge_planned(Merging& merging, bool last);
    Reply<void> find_targets(Merging& merging);
    Status plan_one(Merging& merging, std::size_t document);
    Result<std::string> join_key(const json::View& document) const;
    Result<std::unique_ptr<Change>> change_for(const json::View& document);

    PipelineContext& context_;
    SourceRef from_;
    const query::MergeStage& stage_;
    query::Run& run_;
};

}  // namespace credvault::documents
