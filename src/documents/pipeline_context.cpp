#include "documents/pipeline_context.h"

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

storage::WorkLimits PipelineContext::limits() const {
    storage::WorkLimits limits;
    limits.timeout_ms = work.left_ms();
    limits.memory_bytes = work.bounds().memory_bytes;
    limits.cancelled = work.bounds().cancelled;
    return limits;
}

}  // namespace credvault::documents
