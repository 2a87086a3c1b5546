// What expressions and pipelines may be and use: bounds that hold for the whole process where a caller names no others.
// Set once, before the first query; read by any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>

namespace credvault::query {

struct ExpressionLimits {
    std::size_t max_depth = 100;      ///< Nested operators, objects and arrays.
    std::size_t max_nodes = 50'000;   ///< In all.
    std::size_t max_bytes = 4 << 20;  ///< Of the document's text.
};

struct EvaluationLimits {
    std::uint64_t max_work = 20'000'000;  ///< Steps for one record: operators, elements, blocks of bytes.
    std::size_t max_memory = 64 << 20;    ///< Bytes of values built for one record that are alive at once.
    std::size_t max_depth = 200;          ///< Nested arrays and objects of a value that is built.
};

/// Bounds on what one pipeline, its sub-pipelines included, may be.
struct PipelineLimits {
    std::size_t max_stages = 1'000;
    std::size_t max_depth = 20;  ///< Of pipelines in pipelines.
};

struct QueryLimits {
    ExpressionLimits expression;
    EvaluationLimits evaluation;
    PipelineLimits pipeline;
};

const QueryLimits& query_limits();
/// Not while queries are parsed or run.
void set_query_limits(const QueryLimits& limits);

}  // namespace credvault::query
