// For tests: runs a pipeline over documents in memory, without a store.
#pragma once

#include <string>
#include <string_view>

#include "json/canonical.h"
#include "query/pipeline/chain.h"
#include "query/pipeline/pipeline.h"

namespace credvault::query {

struct PipelineRunOptions {
    WorkBounds bounds;
    BatchRoom room;  ///< Of each batch that is taken: small ones make steps stop and resume.
    std::shared_ptr<const TextSource> text = nullptr;  ///< For a $text in the first stage.
    std::string_view score = {};                       ///< The field that has a document's score.
};

/// The results as a JSON array, or the error's code, field and message.
inline std::string run_pipeline(std::string_view stages, std::string_view documents,
                                const PipelineRunOptions& options = {}) {
    const auto failed = [](const Error& error) {
        return std::string(error_name(error.code)) + " " + error.field + ": " + error.message;
    };
    const auto stages_text = json::canonicalize(stages);
    if (!stages_text.ok()) return failed(stages_text.error());
    const auto documents_text = json::canonicalize(documents);
    if (!documents_text.ok()) return failed(documents_text.error());
    const auto pipeline = parse_pipeline(json::View(*stages_text), {}, {}, options.text);
    if (!pipeline.ok()) return failed(pipeline.error());
    for (const StageRef& stage : pipeline->stages()) {
        if (stage->asks_store()) return "asks the store";
    }
    Work work(options.bounds);
    Evaluation evaluation(0);
    Run run{work, evaluation};
    Chain chain(pipeline->stages(), run);
    std::string results;
    Batch batch(options.room);
    const auto take = [&] {
        if (!results.empty() && !batch.empty()) results += ',';
        results += batch.text();
        batch.clear();
        chain.fill(batch);
    };
    take();
    for (const json::View document : json::View(*documents_text).elements()) {
        const auto score = options.score.empty() ? std::nullopt : document.find(options.score);
        evaluation.set_text_score(score ? score->as_double() : 0);
        auto flow = chain.push(document);
        while (flow.ok() && *flow == Flow::Full) {
            take();
            flow = chain.resume();
        }
        if (!flow.ok()) return failed(flow.error());
        if (*flow == Flow::Done) break;
    }
    for (;;) {
        const auto flow = chain.finish();
        if (!flow.ok()) return failed(flow.error());
        take();
        if (*flow != Flow::Full) return "[" + results + "]";
    }
}

}  // namespace credvault::query
