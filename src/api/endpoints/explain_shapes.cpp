#include "api/endpoints/explain_shapes.h"

#include <utility>

#include "documents/collections.h"

namespace credvault::api {
namespace {

double in_ms(std::int64_t ns) { return static_cast<double>(ns / 1000) / 1000; }

std::optional<std::string> name_of(std::string index) {
    if (index.empty()) return {};
    return index;
}

std::optional<std::vector<std::string>> fields_of(const std::string& advice) {
    if (advice.empty()) return {};
    return documents::advised_request(advice).fields;
}

std::optional<std::string> type_of_advice(const std::string& advice) {
    if (advice.empty()) return {};
    const query::IndexType type = documents::advised_request(advice).type;
    if (type == query::IndexType::Value) return {};
    return std::string(documents::type_name(type));
}

std::int64_t number(std::uint64_t count) { return static_cast<std::int64_t>(count); }

ExplainedFindAnswer find_answer(query::FindProfile find) {
    ExplainedFindAnswer answer;
    answer.collection = std::move(find.collection);
    answer.count = number(find.count);
    answer.plan = std::move(find.plan);
    answer.index = name_of(std::move(find.index));
    answer.entries_examined = number(find.entries_examined);
    answer.records_examined = number(find.records_examined);
    answer.returned = number(find.returned);
    answer.sorted_in_memory = find.sorted;
    answer.advised_index = fields_of(find.advice);
    answer.advised_type = type_of_advice(find.advice);
    return answer;
}

ExplainedStageAnswer stage_answer(documents::ExplainedStage stage) {
    ExplainedStageAnswer answer;
    answer.stage = std::move(stage.name);
    if (!stage.pushed_down.empty()) answer.pushed_down = std::move(stage.pushed_down);
    if (stage.documents_in) answer.documents_in = number(*stage.documents_in);
    answer.documents_out = number(stage.documents_out);
    answer.elapsed_ms = in_ms(stage.elapsed_ns);
    if (stage.spilled_bytes > 0) answer.spilled_bytes = number(stage.spilled_bytes);
    if (stage.skipped) answer.skipped = true;
    if (stage.finds.empty()) return answer;
    answer.finds.emplace();
    for (query::FindProfile& find : stage.finds) answer.finds->push_back(find_answer(std::move(find)));
    return answer;
}

Rules counted(const char* says) { return {.description = says, .example = "20", .min = 0}; }

}  // namespace

Fields ExplainedFindAnswer::fields() {
    using E = ExplainedFindAnswer;
    return {body(&E::collection, "collection", {.description = "Which one was asked.", .example = "users"}),
            body(&E::count, "count", {.description = "How many questions.", .example = "1", .min = 1}),
            body(&E::plan, "plan",
                 {.description = "How the latest was run.", .example = "index by_user: user = \"ada\""}),
            body(&E::index, "index", {.description = "The index it used.", .example = "by_user"}),
            body(&E::entries_examined, "entries_examined", counted("Index entries that all looked at.")),
            body(&E::records_examined, "records_examined", counted("Records that all looked at.")),
            body(&E::returned, "returned", counted("Records that all gave.")),
            body(&E::sorted_in_memory, "sorted_in_memory", {.description = "Whether any had to sort them."}),
            body(&E::advised_index, "advised_index",
                 {.description = "Fields of an index that would help the latest.", .example = R"(["user"])"}),
            body(&E::advised_type, "advised_type",
                 {.description = "Its type, where that is not `value`.", .example = "geo"})};
}

Fields ExplainedStageAnswer::fields() {
    using E = ExplainedStageAnswer;
    return {body(&E::stage, "stage",
                 {.description = "`find`, `count`, `distinct`, `update`, `delete`, or a pipeline's stage.",
                  .example = "$group"}),
            body(&E::pushed_down, "pushed_down",
                 {.description =
                      "Of a pipeline's find: the leading stages that it does, by its index where it can.",
                  .example = R"(["$match","$sort"])"}),
            body(&E::documents_in, "documents_in", counted("Documents that the stage before gave.")),
            body(&E::documents_out, "documents_out", counted("Documents that it gave.")),
            body(&E::elapsed_ms, "elapsed_ms",
                 {.description = "Its own time, without that of other stages.", .example = "0.21"}),
            body(&E::spilled_bytes, "spilled_bytes",
                 {.description = "What it put on disk for lack of memory.", .example = "1048576", .min = 0}),
            body(&E::skipped, "skipped", {.description = "It would write, and was left out."}),
            body(&E::finds, "finds", {.description = "What it asked the store, by collection."})};
}

Fields ExplainAnswer::fields() {
    using E = ExplainAnswer;
    return {
        body(&E::operation, "operation", {.description = "What was explained.", .example = "find"}),
        body(&E::plan, "plan",
             {.description = "How the records were found.", .example = "index by_status (status), in order"}),
        body(&E::index, "index", {.description = "The index used.", .example = "by_status"}),
        body(&E::entries_examined, "entries_examined", counted("Index entries looked at.")),
        body(&E::records_examined, "records_examined", counted("Records looked at.")),
        body(&E::returned, "returned",
             counted("Records in the page, that match, distinct values, or results of the pipeline.")),
        body(&E::sorted_in_memory, "sorted_in_memory", {.description = "Whether they had to be sorted."}),
        body(&E::elapsed_ms, "elapsed_ms", {.description = "How long it took.", .example = "0.21"}),
        body(&E::advised_index, "advised_index",
             {.description = "Fields of an index that would help.", .example = R"(["status","-age"])"}),
        body(&E::advised_type, "advised_type",
             {.description = "Its type, where that is not `value`.", .example = "geo"}),
        body(&E::stages, "stages", {.description = "The parts of the work, in their order."}),
        body(&E::matched_count, "matched_count", counted("Records that the update or delete would find.")),
        body(&E::modified_count, "modified_count", counted("Those of them that the update would change.")),
        body(&E::deleted_count, "deleted_count", counted("Records that the delete would remove.")),
        body(&E::runs_as_job, "runs_as_job",
             {.description = "So many match that a job would do it; counted up to one too many."})};
}

ExplainAnswer explain_answer(std::string operation, documents::Explanation explanation) {
    storage::WorkStats& stats = explanation.stats;
    ExplainAnswer answer;
    answer.plan = std::move(stats.plan);
    answer.index = name_of(std::move(stats.index));
    answer.entries_examined = number(stats.entries_examined);
    answer.records_examined = number(stats.records_examined);
    answer.returned = number(stats.returned);
    answer.sorted_in_memory = stats.sorted;
    answer.elapsed_ms = in_ms(stats.elapsed_ns);
    answer.advised_index = fields_of(stats.advice);
    answer.advised_type = type_of_advice(stats.advice);
    for (documents::ExplainedStage& stage : explanation.stages)
        answer.stages.push_back(stage_answer(std::move(stage)));
    const bool removes = operation == "delete";
    if (explanation.matched && !removes) answer.matched_count = number(*explanation.matched);
    if (explanation.modified)
        (removes ? answer.deleted_count : answer.modified_count) = number(*explanation.modified);
    if (explanation.by_job) answer.runs_as_job = true;
    answer.operation = std::move(operation);
    return answer;
}

}  // namespace credvault::api
