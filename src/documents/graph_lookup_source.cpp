#include "documents/graph_lookup_source.h"

#include <unordered_set>
#include <utility>
#include <vector>

#include "documents/held_rows.h"
#include "json/writer.h"
#include "query/pipeline/document_edit.h"
#include "query/pipeline/join_values.h"
#include "query/pipeline/leading_stages.h"

namespace credvault::documents {
namespace {

constexpr query::BatchRoom room{1'000, 1024 * 1024};
constexpr std::size_t bytes_out = 1024 * 1024;

/// Values to look for, each once in the whole search.
class Frontier {
public:
    explicit Frontier(query::MemoryShare& memory) : memory_(memory) {}

    void add(const json::View& value) {
        if (!seen_.insert(query::join_key(value)).second) return;
        memory_.take(value.text().size() * 2 + 128);
        texts.emplace_back(value.text());
    }

    std::vector<std::string> texts;  ///< Of the next level.

private:
    query::MemoryShare& memory_;
    std::unordered_set<std::string> seen_;
};

}  // namespace

GraphLookupSource::GraphLookupSource(PipelineContext& context, SourceRef from,
                                     const query::GraphLookupStage& stage,
                                     std::span<const query::StageRef> stages, query::Run& run)
    : ChainedSource(context, stages, run),
      from_(std::move(from)),
      stage_(stage),
      run_(run),
      restriction_(query::bound(stage.restriction, run)),
      read_(room) {}

Reply<bool> GraphLookupSource::more(query::Batch& input) {
    if (done_ == read_.size()) {
        if (ended_) co_return false;
        read_.clear();
        done_ = 0;
        CO_TRY(const bool more, co_await from_->next(read_));
        ended_ = !more;
    }
    while (done_ < read_.size() && input.text().size() < bytes_out) {
        CO_TRY_VOID(co_await follow(read_[done_], input));
        ++done_;
    }
    co_return true;
}

Reply<void> GraphLookupSource::follow(const json::View& document, query::Batch& out) {
    query::MemoryShare memory(context().work);
    Frontier frontier(memory);
    run_.evaluation.begin(document);
    CO_TRY(const query::Item start, stage_.start_with.evaluate(run_.evaluation));
    const std::string start_text = start.text();
    if (start.is_array()) {
        for (const json::View element : json::View(start_text).elements()) frontier.add(element);
    } else if (!start.is_missing()) {
        frontier.add(json::View(start_text));
    }
    std::unordered_set<std::string> visited;
    std::string array = "[";
    const bool there = check_name(stage_.from, "from").ok();
    for (std::uint64_t depth = 0; there && !frontier.texts.empty(); ++depth) {
        if (stage_.max_depth && depth > *stage_.max_depth) break;
        storage::FindRequest request;
        request.database = context().database->id;
        request.collection = stage_.from;
        request.filter =
            query::both(query::filter_of_values(stage_.connect_to, frontier.texts), restriction_);
        request.limit = storage::no_limit;
        request.limits = context().limits();
        frontier.texts.clear();
        query::Batch found;
        query::MemoryShare held(context().work);
        HeldRows rows(found, held);
        const auto result = co_await context().find(request, rows);
        if (rows.overflowed()) co_return context().work.too_large(stage_.where());
        if (!result.ok() && result.error().code == ErrorCode::COLLECTION_NOT_FOUND) break;
        if (!result.ok()) co_return result.error();
        std::string number;
        json::append_int(number, static_cast<std::int64_t>(depth));
        for (std::size_t i = 0; i < found.size(); ++i) {
            const json::View record = found[i];
            const auto id = record.find("id");
            if (!id || !visited.emplace(id->text()).second) continue;
            if (array.size() > 1) array += ',';
            if (stage_.depth_field) {
                query::append_with_field(array, record, *stage_.depth_field, number);
            } else {
                array += record.text();
            }
            if (!memory.take(record.text().size() + 128)) co_return context().work.too_large(stage_.where());
            for (const json::View value : query::asking_values(record, stage_.connect_from))
                frontier.add(value);
        }
        CO_TRY_VOID(context().work.check());
    }
    array += ']';
    out.begin_document();
    query::append_with_field(out.text(), document, stage_.as, array);
    out.end_document();
    co_return Status();
}

}  // namespace credvault::documents
