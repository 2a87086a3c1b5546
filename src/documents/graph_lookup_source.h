// $graphLookup: from each document follows connections within another collection, breadth first, one find a level.
#pragma once

#include <string>

#include "documents/chained_source.h"
#include "query/pipeline/store_stages.h"

namespace credvault::documents {

class GraphLookupSource final : public ChainedSource {
public:
    GraphLookupSource(PipelineContext& context, SourceRef from, const query::GraphLookupStage& stage,
                      std::span<const query::StageRef> stages, query::Run& run);

protected:
    Reply<bool> more(query::Batch& input) override;
    const query::Stage* stage() const override { return &stage_; }

private:
    Reply<void> follow(const json::View& document, query::Batch& out);

    SourceRef from_;
    const query::GraphLookupStage& stage_;
    query::Run& run_;
    query::Filter restriction_;
    query::Batch read_;
    std::size_t done_ = 0;
    bool ended_ = false;
};

}  // namespace credvault::documents
