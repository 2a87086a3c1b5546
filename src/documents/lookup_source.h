// $lookup: joins documents with those of another collection. By equality: the distinct values of a batch of documents
// are asked for with one find, which uses an index of the other collection, and joined in memory. By pipeline: a run
// for each document, or one for all where it does not depend on them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "documents/chained_source.h"
#include "documents/pipeline_run.h"
#include "query/pipeline/store_stages.h"

namespace credvault::documents {

class LookupSource final : public ChainedSource {
public:
    LookupSource(PipelineContext& context, SourceRef from, const query::LookupStage& stage,
                 std::span<const query::StageRef> stages, query::Run& run);

protected:
    Reply<bool> more(query::Batch& input) override;
    const query::Stage* stage() const override { return &stage_; }

private:
    /// Joins as many documents from `at` on as fit the memory; returns how many.
    Reply<std::size_t> join_by_value(std::size_t at, std::size_t count, query::Batch& out);
    Reply<void> join_by_pipeline(const json::View& document, query::Batch& out);
    Reply<void> run_pipeline(const json::View& document, std::string& results);
    Result<std::vector<query::Item>> variables_of(const json::View& document) const;
    void add(const json::View& document, std::string_view array, query::Batch& out) const;

    SourceRef from_;
    const query::LookupStage& stage_;
    query::Run& run_;
    query::Batch read_;
    std::size_t joined_ = 0;
    std::size_t step_;  ///< Documents that are joined at once.
    bool ended_ = false;
    query::MemoryShare memory_;
    std::optional<std::string> same_for_all_;  ///< What the pipeline gave, where it gives that always.
};

}  // namespace credvault::documents
