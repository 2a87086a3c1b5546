#include "documents/pipeline_context.h"

#include <utility>

#include "query/pipeline/profile.h"

namespace credvault::documents {

Status PipelineContext::check_collection(std::string_view name, CollectionUse use,
                                         std::string_view where) const {
    if (use == CollectionUse::Write && !may_write) {
        return Error(ErrorCode::FORBIDDEN,
                     "A pipeline that writes needs the scope database:write, which the "
                     "credential does not have");
    }
    // One that can't be there has no documents.
    return use == CollectionUse::Read ? Status() : check_name(name, where);
}

Reply<storage::FindResult> PipelineContext::find(storage::FindRequest& request, storage::RowSink& sink) {
    query::Profile* const profile = work.profile();
    request.explain = profile != nullptr;
    Result<storage::FindResult> result = co_await engine.find(request, sink);
    if (!result.ok()) co_return result;
    storage::WorkStats& stats = result->stats;
    if (!asked_any_) {
        asked.index = stats.index;
        asked.sorted = stats.sorted;
        asked_any_ = true;
    }
    asked.entries_examined += stats.entries_examined;
    asked.records_examined += stats.records_examined;
    if (profile != nullptr) {
        profile->note_find({std::string(request.collection), 1, stats.plan, stats.index, stats.advice,
                            stats.entries_examined, stats.records_examined, stats.returned, stats.sorted});
    }
    co_return result;
}

storage::WorkLimits PipelineContext::limits() const {
    storage::WorkLimits limits;
    limits.timeout_ms = work.left_ms();
    limits.memory_bytes = work.bounds().memory_bytes;
    limits.cancelled = work.bounds().cancelled;
    return limits;
}

}  // namespace credvault::documents
