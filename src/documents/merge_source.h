// $merge and $out: what a pipeline gives is written to a collection. They give no documents; the first pull does all.
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
    Reply<void> merge(const query::Batch& documents);
    Reply<bool> try_merge(Merging& merging);
    Reply<void> merge_planned(Merging& merging);
    Reply<void> find_targets(Merging& merging);
    Status plan_one(Merging& merging, std::size_t document);
    Result<std::string> join_key(const json::View& document) const;
    Result<std::unique_ptr<Change>> change_for(const json::View& document);

    PipelineContext& context_;
    SourceRef from_;
    const query::MergeStage& stage_;
    query::Run& run_;
};

class OutSource final : public DocumentSource {
public:
    OutSource(PipelineContext& context, SourceRef from, const query::OutStage& stage)
        : context_(context), from_(std::move(from)), stage_(stage) {}

    Reply<bool> next(query::Batch& batch) override;

private:
    Reply<void> replace(const query::Batch& documents);
    /// The operations that leave the collection there and empty: its records one by one where they are few, else it is
    /// dropped and made anew with its indexes.
    Reply<std::vector<storage::Operation>> emptying(std::size_t documents);
    Reply<void> read_ids(std::uint64_t count);

    PipelineContext& context_;
    SourceRef from_;
    const query::OutStage& stage_;
    storage::CollectionInfo info_;  ///< As it was; the operations point into it.
    std::vector<std::string> ids_;  ///< Of the records that go.
};

}  // namespace credvault::documents
