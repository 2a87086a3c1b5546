#include "documents/chained_source.h"

namespace credvault::documents {
namespace {

/// So few documents are no reason to change threads.
constexpr std::size_t few_documents = 64;
constexpr std::size_t few_bytes = 64 * 1024;

}  // namespace

Result<bool> ChainedSource::push_input() {
    using query::Flow;
    if (blocked_) {
        TRY(const Flow flow, chain_.resume());
        if (flow == Flow::Full) return true;
        blocked_ = false;
        ended_ = ended_ || flow == Flow::Done;
    }
    while (!ended_ && pushed_ < input_.size()) {
        TRY(const Flow flow, chain_.push(input_[pushed_++]));
        if (flow == Flow::Done) ended_ = true;
        if (flow == Flow::Full) {
            blocked_ = true;
            return true;
        }
    }
    return false;
}

Reply<bool> ChainedSource::read_more() {
    query::StageProfile* const profile = run_.profile == nullptr ? nullptr : run_.profile->of(stage());
    if (profile == nullptr) return more(input_);
    return [](ChainedSource& source, query::StageProfile& of) -> Reply<bool> {
        const query::ProfileScope scope(source.run_.profile, &of);
        CO_TRY(const bool there, co_await source.more(source.input_));
        of.documents_out += source.input_.size();
        co_return there;
    }(*this, *profile);
}

Reply<bool> ChainedSource::next(query::Batch& batch) {
    chain_.fill(batch);
    for (;;) {
        const bool small = input_.size() - pushed_ <= few_documents && input_.text().size() <= few_bytes;
        CO_TRY(const bool full, co_await context_.compute<bool>(small, [this] { return push_input(); }));
        if (full) co_return true;
        if (ended_) break;
        input_.clear();
        pushed_ = 0;
        CO_TRY(const bool there, co_await read_more());
        ended_ = !there && input_.empty();
    }
    const auto finish = [this]() -> Result<bool> {
        TRY(const query::Flow flow, chain_.finish());
        return flow == query::Flow::Full;
    };
    co_return co_await context_.compute<bool>(context_.work.used() <= few_bytes, finish);
}

}  // namespace credvault::documents
