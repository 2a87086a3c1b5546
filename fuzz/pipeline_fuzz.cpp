// A line of pipeline, then an array of documents: the pipeline is refused, naming what is wrong, or its results on the
// documents are canonical JSON, the same whether they are taken at once or one by one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "json/canonical.h"
#include "query/pipeline/pipeline_testing.h"

namespace {

using namespace credvault;

void require(bool holds) {
    if (!holds) std::abort();
}

/// What is drawn by lot differs from run to run.
bool is_random(std::string_view pipeline) {
    return pipeline.find("$sample") != pipeline.npos || pipeline.find("$rand") != pipeline.npos ||
           pipeline.find("$createObjectId") != pipeline.npos || pipeline.find("\\u") != pipeline.npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t line = input.find('\n');
    if (line == input.npos) return 0;
    const std::string_view pipeline = input.substr(0, line);
    query::PipelineRunOptions at_once;
    at_once.bounds.timeout_ms = 2'000;
    at_once.bounds.memory_bytes = 4 << 20;
    const auto documents = json::canonicalize(input.substr(line + 1));
    if (!documents.ok() || !json::View(*documents).is_array()) return 0;
    for (const json::View document : json::View(*documents).elements()) {
        if (!document.is_object()) return 0;
    }
    const std::string results = query::run_pipeline(pipeline, *documents, at_once);
    require(!results.empty());
    if (results.front() != '[') return 0;
    const auto canonical = json::canonicalize(results, {.max_depth = 400});
    require(canonical.ok() && *canonical == results);
    if (is_random(pipeline)) return 0;
    query::PipelineRunOptions one_by_one = at_once;
    one_by_one.room.documents = 1;
    const std::string again = query::run_pipeline(pipeline, *documents, one_by_one);
    require(again == results || again.front() != '[');
    return 0;
}
