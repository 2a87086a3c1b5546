#include "documents/pipeline_run.h"

#include <utility>

#include "documents/documents_source.h"
#include "documents/facet_source.h"
#include "documents/graph_lookup_source.h"
#include "documents/lookup_source.h"
#include "documents/merge_source.h"
#include "documents/out_source.h"
#include "documents/union_source.h"

namespace credvault::documents {

PipelineRun::PipelineRun(PipelineContext& context, query::Pipeline pipeline,
                         std::vector<query::Item> variables)
    : context_(context),
      pipeline_(std::move(pipeline)),
      evaluation_(context.now_ms, query::query_limits().evaluation, context.work.bounds().cancelled),
      run_{context.work, evaluation_, std::move(variables)} {
    evaluation_.need_variables(run_.variables.size());
    for (std::size_t i = 0; i < run_.variables.size(); ++i) evaluation_.set_variable(i, run_.variables[i]);
}

std::span<const query::StageRef> PipelineRun::steps_from(std::size_t at) const {
    const auto rest = pipeline_.stages().subspan(at);
    std::size_t size = 0;
    while (size < rest.size() && !rest[size]->asks_store()) ++size;
    return rest.first(size);
}

void PipelineRun::explain(query::Profile& profile) {
    if (!pipeline_.has_documents()) profile.add(nullptr, "find");
    for (const query::StageRef& stage : pipeline_.stages()) profile.add(stage.get(), stage->name());
    run_.profile = &profile;
    context_.work.set_profile(&profile);
}

Status PipelineRun::begin(FindPlan plan) {
    if (pipeline_.has_documents()) {
        const auto steps = steps_from(1);
        source_ = std::make_unique<WrittenDocuments>(context_, *pipeline_.stages().front(), steps, run_);
        return add_parts(1 + steps.size());
    }
    const auto steps = steps_from(0);
    plan.single_batch = plan.single_batch && steps.size() == pipeline_.stages().size();
    source_ = std::make_unique<FindSource>(context_, std::move(plan), steps, run_);
    return add_parts(steps.size());
}

Status PipelineRun::begin(const query::Batch& documents) {
    const auto steps = steps_from(0);
    source_ = std::make_unique<HeldDocuments>(context_, documents, steps, run_);
    return add_parts(steps.size());
}

Status PipelineRun::add_parts(std::size_t at) {
    while (at < pipeline_.stages().size()) {
        const query::Stage& stage = *pipeline_.stages()[at];
        const auto steps = steps_from(++at);
        at += steps.size();
        TRY(source_, part(stage, steps));
    }
    return {};
}

/// What runs a stage that asks the store, and the steps behind it.
Result<SourceRef> PipelineRun::part(const query::Stage& stage, std::span<const query::StageRef> steps) {
    const auto may_read = [this](std::string_view name, const std::string& where) {
        return name.empty() ? Status()
                            : context_.check_collection(name, CollectionUse::Read, where + ".from");
    };
    if (const auto* lookup = dynamic_cast<const query::LookupStage*>(&stage)) {
        TRY_VOID(may_read(lookup->from, lookup->where()));
        return SourceRef(std::make_unique<LookupSource>(context_, std::move(source_), *lookup, steps, run_));
    }
    if (const auto* graph = dynamic_cast<const query::GraphLookupStage*>(&stage)) {
        TRY_VOID(may_read(graph->from, graph->where()));
        return SourceRef(
            std::make_unique<GraphLookupSource>(context_, std::move(source_), *graph, steps, run_));
    }
    if (const auto* more = dynamic_cast<const query::UnionStage*>(&stage)) {
        TRY_VOID(may_read(more->from, more->where()));
        return SourceRef(std::make_unique<UnionSource>(context_, std::move(source_), *more, steps, run_));
    }
    if (const auto* facet = dynamic_cast<const query::FacetStage*>(&stage)) {
        return SourceRef(std::make_unique<FacetSource>(context_, std::move(source_), *facet, steps, run_));
    }
    if (const auto* merge = dynamic_cast<const query::MergeStage*>(&stage)) {
        return SourceRef(std::make_unique<MergeSource>(context_, std::move(source_), *merge, run_));
    }
    return SourceRef(std::make_unique<OutSource>(context_, std::move(source_),
                                                 dynamic_cast<const query::OutStage&>(stage)));
}

}  // namespace credvault::documents
