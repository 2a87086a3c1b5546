#include "documents/find_source.h"

#include <algorithm>
#include <utility>

#include "documents/index_shapes.h"
#include "query/pipeline/leading_stages.h"

namespace credvault::documents {
namespace {

using query::Flow;
using query::LeadingQuery;
using query::StageShape;

constexpr std::uint64_t batch_documents = 1'000;
constexpr std::size_t batch_bytes = 1024 * 1024;
constexpr std::size_t few_bytes = 64 * 1024;

/// Runs the chain on what the engine finds.
class ChainSink final : public storage::RowSink {
public:
    ChainSink(query::Chain& chain, query::Run& run, query::Batch& batch)
        : chain_(chain), run_(run), batch_(batch), before_(batch.size()) {
        chain_.fill(batch);
    }
    bool row(const storage::Row& row) override {
        run_.evaluation.set_text_score(row.rank);
        Result<Flow> pushed = chain_.push(row.record);
        if (!pushed.ok()) {
            status = std::move(pushed).error();
            return false;
        }
        flow = *pushed;
        return flow == Flow::More;
    }
    void restart() override {
        chain_.restart();
        batch_.truncate(before_);
        status = Status();
        flow = Flow::More;
    }

    Status status;
    Flow flow = Flow::More;

private:
    query::Chain& chain_;
    query::Run& run_;
    query::Batch& batch_;
    std::size_t before_;
};

/// Keeps what the engine finds until there is enough of it.
class BatchSink final : public storage::RowSink {
public:
    BatchSink(query::Batch& batch, std::vector<double>& scores) : batch_(batch), scores_(scores) {}
    bool row(const storage::Row& row) override {
        batch_.add(row.record);
        scores_.push_back(row.rank);
        return batch_.text().size() < batch_bytes;
    }
    void restart() override {
        batch_.clear();
        scores_.clear();
    }

private:
    query::Batch& batch_;
    std::vector<double>& scores_;
};

/// Whether all documents go in before the first comes out. `counts` tells whether it matters which come first.
bool collects(std::span<const query::StageRef> stages, bool& counts) {
    for (const query::StageRef& stage : stages) {
        if (stage->shape() == StageShape::Collecting) return true;
        counts = counts || stage->shape() == StageShape::Counting;
    }
    return false;
}

}  // namespace

FindSource::FindSource(PipelineContext& context, FindPlan plan, std::span<const query::StageRef> stages,
                       query::Run& run)
    : context_(context),
      plan_(std::move(plan)),
      stages_(stages),
      run_(run),
      leading_(query::leading_query(stages)) {}

Reply<bool> FindSource::has_ordered_plan() {
    Result<storage::CollectionInfo> described =
        co_await context_.engine.describe_collection(context_.database->id, plan_.collection);
    // The find will say the same, and better.
    if (!described.ok()) co_return true;
    const query::QueryShape shape{leading_.filter, leading_.sort->sort(), false,
                                  leading_.limit != LeadingQuery::all};
    co_return query::make_plan(shape, index_shapes(*described)).ordered;
}

Reply<void> FindSource::start() {
    if (leading_.sort != nullptr) {
        const bool few = leading_.limit <= batch_documents && leading_.offset <= batch_documents;
        bool by_engine = few;
        if (!few) {
            CO_TRY(by_engine, co_await has_ordered_plan());
        }
        if (!by_engine) {
            // We sort ourselves, and can go to disk.
            leading_.sort = nullptr;
            leading_.stages = leading_.matches;
            leading_.offset = 0;
            leading_.limit = LeadingQuery::all;
        }
    }
    request_.database = context_.database->id;
    request_.collection = plan_.collection;
    request_.filter = query::both(query::bound(leading_.filter, run_), plan_.also);
    if (leading_.sort != nullptr) request_.sort = leading_.sort->sort();
    request_.want_rank = plan_.want_scores && leading_.filter.text() != nullptr;
    request_.offset = leading_.offset;
    request_.limit = leading_.limit;
    request_.after = plan_.after;
    const auto rest = stages_.subspan(leading_.stages);
    for (std::size_t i = 0; run_.profile != nullptr && i < leading_.stages; ++i) {
        if (query::StageProfile* const stage = run_.profile->of(stages_[i].get())) stage->pushed_down = true;
    }
    bool order_matters =
        leading_.sort != nullptr || leading_.offset > 0 || leading_.limit != LeadingQuery::all;
    const bool collecting = collects(rest, order_matters);
    direct_ = collecting || plan_.single_batch;
    request_.any_order = collecting && !order_matters;
    const bool nearest = request_.sort.empty() && request_.filter.near() != nullptr;
    if (nearest && !request_.any_order) request_.sort = query::nearest_first();
    chain_ = std::make_unique<query::Chain>(rest, run_);
    read_all_ = leading_.limit == 0;
    // No collection has such a name.
    if (plan_.missing_is_empty && !check_name(plan_.collection, "from").ok()) read_all_ = true;
    co_return Status();
}

Result<storage::FindResult> FindSource::found(Result<storage::FindResult> result) const {
    if (result.ok() || !plan_.missing_is_empty) return result;
    if (result.error().code != ErrorCode::COLLECTION_NOT_FOUND) return result;
    return storage::FindResult();
}

Reply<bool> FindSource::next(query::Batch& batch) {
    const query::ProfileScope scope(run_.profile,
                                    run_.profile == nullptr ? nullptr : run_.profile->of(nullptr));
    if (!chain_) CO_TRY_VOID(co_await start());
    // No conditional expression: GCC 12 ends its temporary, the reply, before it is there.
    if (direct_) co_return co_await next_directly(batch);
    co_return co_await next_batched(batch);
}

Reply<bool> FindSource::next_directly(query::Batch& batch) {
    if (!read_all_) {
        ChainSink sink(*chain_, run_, batch);
        request_.limits = context_.limits();
        Result<storage::FindResult> result = found(co_await context_.find(request_, sink));
        if (!sink.status.ok()) co_return std::move(sink.status).error();
        if (!result.ok()) co_return std::move(result).error();
        read_all_ = true;
        request_.after = std::move(result->next);
        if (sink.flow == Flow::Full) co_return true;
    }
    chain_->fill(batch);
    co_return co_await finish_chain();
}

Reply<bool> FindSource::finish_chain() {
    const auto finish = [this]() -> Result<bool> {
        TRY(const Flow flow, chain_->finish());
        return flow == Flow::Full;
    };
    co_return co_await context_.compute<bool>(context_.work.used() <= few_bytes, finish);
}

Result<bool> FindSource::push_input() {
    if (blocked_) {
        TRY(const Flow flow, chain_->resume());
        if (flow == Flow::Full) return true;
        blocked_ = false;
        if (flow == Flow::Done) {
            read_all_ = true;
            pushed_ = input_.size();
        }
    }
    while (pushed_ < input_.size()) {
        run_.evaluation.set_text_score(scores_[pushed_]);
        TRY(const Flow flow, chain_->push(input_[pushed_++]));
        if (flow == Flow::Full) {
            blocked_ = true;
            return true;
        }
        if (flow == Flow::Done) {
            read_all_ = true;
            pushed_ = input_.size();
        }
    }
    return false;
}

/// False where there is nothing more.
Reply<bool> FindSource::read_batch() {
    input_.clear();
    scores_.clear();
    pushed_ = 0;
    if (read_all_) co_return false;
    BatchSink sink(input_, scores_);
    request_.limits = context_.limits();
    request_.limit = std::min(leading_.limit, batch_documents);
    CO_TRY(storage::FindResult result, found(co_await context_.find(request_, sink)));
    if (leading_.limit != LeadingQuery::all) leading_.limit -= input_.size();
    request_.offset = 0;
    request_.after = std::move(result.next);
    read_all_ = !result.has_more || leading_.limit == 0 || request_.after.empty();
    co_return true;
}

Reply<bool> FindSource::next_batched(query::Batch& batch) {
    chain_->fill(batch);
    for (;;) {
        const bool small = input_.text().size() <= few_bytes;
        CO_TRY(const bool full, co_await context_.compute<bool>(small, [this] { return push_input(); }));
        if (full) co_return true;
        CO_TRY(const bool there, co_await read_batch());
        if (!there) break;
    }
    co_return co_await finish_chain();
}

}  // namespace credvault::documents
