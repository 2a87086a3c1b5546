// How a question, an update or a pipeline was run: what explain answers. Values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/reply.h"
#include "query/pipeline/profile.h"
#include "storage/engine.h"

namespace credvault::documents {

/// A part of the work, in its order.
struct ExplainedStage {
    std::string name;  ///< "find", "$group", "change" …
    std::vector<std::string>
        pushed_down;  ///< Of the find at a pipeline's beginning: the stages that it does.
    std::optional<std::uint64_t> documents_in;
    std::uint64_t documents_out = 0;
    std::int64_t elapsed_ns = 0;
    std::uint64_t spilled_bytes = 0;
    bool skipped = false;  ///< It would write.
    std::vector<query::FindProfile> finds;
};

struct Explanation {
    storage::WorkStats stats;  ///< Of all of it.
    std::vector<ExplainedStage> stages;
    std::optional<std::uint64_t> matched;   ///< Of an update or delete.
    std::optional<std::uint64_t> modified;  ///< Records that it would change, or remove.
    bool by_job = false;                    ///< So many that a job would do it.
};

/// The stage that a single question is; `other_ns` of its time are another's.
ExplainedStage stage_of(std::string name, const storage::WorkStats& stats, std::int64_t other_ns);
/// From a profile: what each stage was given is what the one before it gave.
Explanation explanation_of(const query::Profile& profile, std::int64_t elapsed_ns);
/// Leaves out the advice on indexes that are there by now, or being built. Fails as Engine::describe_collection does; a
/// collection that is gone is no failure.
Reply<void> drop_known_advice(storage::Engine& engine, std::string_view database, std::string_view collection,
                              Explanation& explanation);

}  // namespace credvault::documents
