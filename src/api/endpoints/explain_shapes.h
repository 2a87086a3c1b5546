// How explanations look in answers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/codecs.h"
#include "documents/explanation.h"

namespace credvault::api {

/// Questions of one stage to one collection.
struct ExplainedFindAnswer {
    std::string collection;
    std::int64_t count = 0;
    std::string plan;
    std::optional<std::string> index;
    std::int64_t entries_examined = 0, records_examined = 0, returned = 0;
    bool sorted_in_memory = false;
    std::optional<std::vector<std::string>> advised_index;
    std::optional<std::string> advised_type;

    static constexpr std::string_view schema_name = "ExplainedFind";
    static Fields fields();
};

struct ExplainedStageAnswer {
    std::string stage;
    std::optional<std::vector<std::string>> pushed_down;
    std::optional<std::int64_t> documents_in;
    std::int64_t documents_out = 0;
    double elapsed_ms = 0;
    std::optional<std::int64_t> spilled_bytes;
    std::optional<bool> skipped;
    std::optional<std::vector<ExplainedFindAnswer>> finds;

    static constexpr std::string_view schema_name = "ExplainedStage";
    static Fields fields();
};

struct ExplainAnswer {
    std::string operation;
    std::string plan;
    std::optional<std::string> index;
    std::int64_t entries_examined = 0, records_examined = 0, returned = 0;
    bool sorted_in_memory = false;
    double elapsed_ms = 0;
    std::optional<std::vector<std::string>> advised_index;
    std::optional<std::string> advised_type;
    std::vector<ExplainedStageAnswer> stages;
    std::optional<std::int64_t> matched_count, modified_count, deleted_count;
    std::optional<bool> runs_as_job;

    static constexpr std::string_view schema_name = "Explanation";
    static Fields fields();
};

ExplainAnswer explain_answer(std::string operation, documents::Explanation explanation);

}  // namespace credvault::api
