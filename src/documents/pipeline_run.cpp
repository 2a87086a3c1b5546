#include "documents/pipeline_run.h"

#include <utility>

#include "documents/documents_source.h"

namespace credvault::documents {

PipelineRun::PipelineRun(PipelineContext& context, query::Pipeline pipeline,
                         std::vector<query::Item> variables)
    : context_(context),
      pipeline_(std::move(pipeline)),
      evaluation_(context.now_ms, query::EvaluationLimits(), context.work.bounds().cancelled),
      run_{context.work, evaluation_} {
    evaluation_.need_variables(variables.size());
    for (std::size_t i = 0; i < variables.size(); ++i) evaluation_.set_variable(i, std::move(variables[i]));
}

std::span<const query::StageRef> PipelineRun::steps_from(std::size_t at) const {
    const auto rest = pipeline_.stages().subspan(at);
    std::size_t size = 0;
    while (size < rest.size() && !rest[size]->asks_store()) ++size;
    return rest.first(size);
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
    if (at == pipeline_.stages().size()) return {};
    const query::Stage& stage = *pipeline_.stages()[at];
    return Error(ErrorCode::INTERNAL, {}, {}, "no source for " + std::string(stage.name()));
}

}  // namespace credvault::documents
