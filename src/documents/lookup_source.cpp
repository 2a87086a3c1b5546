#include "documents/lookup_source.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "documents/held_rows.h"
#include "query/pipeline/document_edit.h"
#include "query/pipeline/join_values.h"

namespace credvault::documents {
namespace {

using query::Batch;
using query::BatchRoom;

constexpr std::size_t documents_at_once = 1'000;
constexpr std::size_t bytes_at_once = 1024 * 1024;
constexpr std::size_t bytes_out = 1024 * 1024;

/// The documents of a batch by their ids, the order in which they are listed.
std::vector<std::uint32_t> ranks_by_id(const Batch& documents) {
    std::vector<std::pair<std::string, std::uint32_t>> ids;
    for (std::size_t i = 0; i < documents.size(); ++i) {
        const auto id = documents[i].find("id");
        ids.emplace_back(id && id->is_string() ? id->as_string() : std::string(),
                         static_cast<std::uint32_t>(i));
    }
    std::ranges::sort(ids);
    std::vector<std::uint32_t> ranks(ids.size());
    for (std::size_t rank = 0; rank < ids.size(); ++rank) ranks[rank] = ids[rank].second;
    return ranks;
}

/// Which documents of the other collection have which value, in the order of their ids.
class JoinTable {
public:
    JoinTable(const Batch& documents, const query::Path& path) : documents_(documents) {
        for (const std::uint32_t i : ranks_by_id(documents)) {
            for (std::string& key : query::found_keys(documents[i], path)) {
                places_[std::move(key)].push_back(static_cast<std::uint32_t>(order_.size()));
            }
            order_.push_back(i);
        }
    }

    /// The array of those that have one of the values.
    void append_array(std::string& out, const std::vector<json::View>& values) const {
        std::vector<std::uint32_t> found;
        for (const json::View value : values) {
            const auto at = places_.find(query::join_key(value));
            if (at != places_.end()) found.insert(found.end(), at->second.begin(), at->second.end());
        }
        if (values.size() > 1) {
            std::ranges::sort(found);
            found.erase(std::unique(found.begin(), found.end()), found.end());
        }
        out += '[';
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (i > 0) out += ',';
            out += documents_[order_[found[i]]].text();
        }
        out += ']';
    }

private:
    const Batch& documents_;
    std::vector<std::uint32_t> order_;
    std::unordered_map<std::string, std::vector<std::uint32_t>> places_;
};

}  // namespace

LookupSource::LookupSource(PipelineContext& context, SourceRef from, const query::LookupStage& stage,
                           std::span<const query::StageRef> stages, query::Run& run)
    : ChainedSource(context, stages, run),
      from_(std::move(from)),
      stage_(stage),
      run_(run),
      read_(BatchRoom{documents_at_once, bytes_at_once}),
      step_(documents_at_once),
      memory_(context.work) {}

Reply<bool> LookupSource::more(query::Batch& input) {
    if (joined_ == read_.size()) {
        if (ended_) co_return false;
        read_.clear();
        joined_ = 0;
        CO_TRY(const bool more, co_await from_->next(read_));
        ended_ = !more;
    }
    if (!stage_.pipeline) {
        while (joined_ < read_.size() && input.text().size() < bytes_out) {
            const std::size_t count = std::min(step_, read_.size() - joined_);
            CO_TRY(const std::size_t done, co_await join_by_value(joined_, count, input));
            joined_ += done;
        }
        co_return true;
    }
    while (joined_ < read_.size() && input.text().size() < bytes_out) {
        CO_TRY_VOID(co_await join_by_pipeline(read_[joined_], input));
        ++joined_;
    }
    co_return true;
}

Reply<std::size_t> LookupSource::join_by_value(std::size_t at, std::size_t count, query::Batch& out) {
    std::vector<std::string> texts;
    {
        std::unordered_map<std::string, bool> seen;
        for (std::size_t i = at; i < at + count; ++i) {
            for (const json::View value : query::asking_values(read_[i], *stage_.local_field)) {
                if (seen.try_emplace(query::join_key(value), true).second) texts.emplace_back(value.text());
            }
        }
    }
    storage::FindRequest request;
    request.database = context().database->id;
    request.collection = stage_.from;
    request.filter = query::filter_of_values(*stage_.foreign_field, texts);
    request.any_order = true;
    request.limit = storage::no_limit;
    request.limits = context().limits();
    memory_.clear();
    Batch found;
    HeldRows rows(found, memory_);
    if (!texts.empty() && check_name(stage_.from, "from").ok()) {
        const auto result = co_await context().find(request, rows);
        if (!result.ok() && result.error().code != ErrorCode::COLLECTION_NOT_FOUND) co_return result.error();
    }
    if (rows.overflowed()) {
        memory_.clear();
        if (count == 1) co_return context().work.too_large(stage_.where());
        step_ = std::max<std::size_t>(1, count / 8);
        co_return 0;
    }
    const auto join = [&]() -> Result<std::size_t> {
        const JoinTable table(found, *stage_.foreign_field);
        std::string array;
        std::size_t done = 0;
        for (; done < count && (done == 0 || out.text().size() < bytes_out); ++done) {
            TRY_VOID(context().work.tick());
            const json::View document = read_[at + done];
            array.clear();
            table.append_array(array, query::asking_values(document, *stage_.local_field));
            add(document, array, out);
        }
        return done;
    };
    const bool small = found.text().size() + count * 64 <= 64 * 1024;
    CO_TRY(const std::size_t done, co_await context().compute<std::size_t>(small, join));
    memory_.clear();
    co_return done;
}

void LookupSource::add(const json::View& document, std::string_view array, query::Batch& out) const {
    out.begin_document();
    query::append_with_field(out.text(), document, stage_.as, array);
    out.end_document();
}

Result<std::vector<query::Item>> LookupSource::variables_of(const json::View& document) const {
    std::vector<query::Item> variables(
        run_.variables.begin(), run_.variables.begin() + static_cast<std::ptrdiff_t>(stage_.outer_variables));
    run_.evaluation.begin(document);
    for (const query::LetVariable& variable : stage_.variables) {
        TRY(const query::Item value, variable.value.evaluate(run_.evaluation));
        variables.push_back(value.owned());
    }
    return variables;
}

Reply<void> LookupSource::join_by_pipeline(const json::View& document, query::Batch& out) {
    if (same_for_all_) {
        add(document, *same_for_all_, out);
        co_return Status();
    }
    std::string results;
    CO_TRY_VOID(co_await run_pipeline(document, results));
    add(document, results, out);
    if (stage_.variables.empty() && !stage_.local_field) {
        memory_.take(results.size());
        same_for_all_ = std::move(results);
    }
    co_return Status();
}

Reply<void> LookupSource::run_pipeline(const json::View& document, std::string& results) {
    CO_TRY(std::vector<query::Item> variables, variables_of(document));
    FindPlan plan;
    plan.collection = stage_.from;
    plan.missing_is_empty = true;
    if (stage_.local_field) {
        std::vector<std::string> texts;
        for (const json::View value : query::asking_values(document, *stage_.local_field)) {
            texts.emplace_back(value.text());
        }
        plan.also = query::filter_of_values(*stage_.foreign_field, texts);
    }
    PipelineRun inner(context(), *stage_.pipeline, std::move(variables));
    CO_TRY_VOID(inner.begin(std::move(plan)));
    query::MemoryShare memory(context().work);
    results = "[";
    for (bool more = true; more;) {
        const BatchRoom room{BatchRoom().documents, bytes_at_once};
        Batch batch(room);
        CO_TRY(more, co_await inner.next(batch));
        if (!batch.empty() && results.size() > 1) results += ',';
        results += batch.text();
        if (!memory.set(results.size())) co_return context().work.too_large(stage_.where());
    }
    results += ']';
    co_return Status();
}

}  // namespace credvault::documents
