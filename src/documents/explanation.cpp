#include "documents/explanation.h"

#include <algorithm>
#include <utility>

#include "documents/collections.h"

namespace credvault::documents {
namespace {

ExplainedStage explained(const query::StageProfile& stage) {
    ExplainedStage shown;
    shown.name = stage.name;
    shown.documents_out = stage.documents_out;
    if (stage.stage == nullptr) {
        for (const query::FindProfile& find : stage.finds) shown.documents_out += find.returned;
    }
    shown.elapsed_ns = stage.elapsed_ns;
    shown.spilled_bytes = stage.spilled_bytes;
    shown.skipped = stage.skipped;
    shown.finds = stage.finds;
    return shown;
}

/// The find that a pipeline begins with answers for the whole.
void take_find(storage::WorkStats& stats, const query::FindProfile& find) {
    stats.plan = find.plan;
    stats.index = find.index;
    stats.advice = find.advice;
    stats.sorted = find.sorted;
}

}  // namespace

ExplainedStage stage_of(std::string name, const storage::WorkStats& stats, std::int64_t other_ns) {
    ExplainedStage stage;
    stage.name = std::move(name);
    stage.documents_out = stats.returned;
    stage.elapsed_ns = std::max<std::int64_t>(0, stats.elapsed_ns - other_ns);
    return stage;
}

Explanation explanation_of(const query::Profile& profile, std::int64_t elapsed_ns) {
    Explanation explanation;
    storage::WorkStats& stats = explanation.stats;
    stats.elapsed_ns = elapsed_ns;
    std::size_t find = 0;
    for (const query::StageProfile& stage : profile.stages()) {
        if (stage.pushed_down) {
            explanation.stages[find].pushed_down.emplace_back(stage.name);
            continue;
        }
        ExplainedStage shown = explained(stage);
        if (stage.stage == nullptr) {
            find = explanation.stages.size();
            if (!stage.finds.empty()) take_find(stats, stage.finds.front());
        }
        for (const query::FindProfile& each : stage.finds) {
            stats.entries_examined += each.entries_examined;
            stats.records_examined += each.records_examined;
        }
        if (!explanation.stages.empty()) shown.documents_in = explanation.stages.back().documents_out;
        if (!shown.skipped) stats.returned = shown.documents_out;
        explanation.stages.push_back(std::move(shown));
    }
    return explanation;
}

Reply<void> drop_known_advice(storage::Engine& engine, std::string_view database, std::string_view collection,
                              Explanation& explanation) {
    if (!explanation.stats.advice.empty()) {
        const auto info = co_await engine.describe_collection(database, collection);
        if (!info.ok()) co_return info.error();
        if (has_index(*info, explanation.stats.advice)) explanation.stats.advice.clear();
    }
    for (ExplainedStage& stage : explanation.stages) {
        for (query::FindProfile& find : stage.finds) {
            if (find.advice.empty()) continue;
            const auto info = co_await engine.describe_collection(database, find.collection);
            if (!info.ok() && info.error().code == ErrorCode::COLLECTION_NOT_FOUND) continue;
            if (!info.ok()) co_return info.error();
            if (has_index(*info, find.advice)) find.advice.clear();
        }
    }
    co_return Status();
}

}  // namespace credvault::documents
