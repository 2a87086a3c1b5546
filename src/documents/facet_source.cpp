#include "documents/facet_source.h"

#include <string>
#include <utility>

namespace credvault::documents {
namespace {

constexpr std::size_t bytes_at_once = 1024 * 1024;

}  // namespace

Reply<void> FacetSource::hold() {
    for (bool more = true; more;) {
        const query::BatchRoom room{query::BatchRoom().documents, held_.text().size() + bytes_at_once};
        held_.set_room(room);
        CO_TRY(more, co_await from_->next(held_));
        if (!memory_.set(held_.text().size())) co_return context().work.too_large(stage_.where());
    }
    from_ = nullptr;
    co_return Status();
}

Reply<void> FacetSource::run_facet(const query::Pipeline& pipeline, std::string& results) {
    PipelineRun inner(context(), pipeline, run_.variables);
    CO_TRY_VOID(inner.begin(held_));
    query::MemoryShare memory(context().work);
    bool first = true;
    for (bool more = true; more;) {
        const query::BatchRoom room{query::BatchRoom().documents, bytes_at_once};
        query::Batch batch(room);
        CO_TRY(more, co_await inner.next(batch));
        if (!batch.empty() && !std::exchange(first, false)) results += ',';
        results += batch.text();
        if (!memory.set(results.size())) co_return context().work.too_large(stage_.where());
    }
    co_return Status();
}

Reply<bool> FacetSource::more(query::Batch& input) {
    if (!from_) co_return false;
    CO_TRY_VOID(co_await hold());
    std::string document = "{";
    for (const query::FacetStage::Facet& facet : stage_.facets()) {
        if (document.size() > 1) document += ',';
        document += '"' + facet.name + "\":[";
        CO_TRY_VOID(co_await run_facet(facet.pipeline, document));
        document += ']';
    }
    document += '}';
    input.add(json::View(document));
    co_return true;
}

}  // namespace credvault::documents
