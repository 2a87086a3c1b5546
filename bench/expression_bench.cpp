// What expressions cost on one record's canonical text, without copying any of it. The record is that of filter_bench,
// about 300 bytes.

#include <benchmark/benchmark.h>

#include <string>

#include "json/canonical.h"
#include "query/expression/arithmetic.h"
#include "query/expression/expression.h"

namespace credvault::query {
namespace {

constexpr std::string_view record_text =
    R"({"id":"01J9ZK3V5Y8Q2W4E6R8T0Y1U3I","created_at":"2026-01-31T12:00:00.000Z",)"
    R"("updated_at":"2026-01-31T12:00:00.000Z","_version":1,"name":"Ada Lovelace","email":"ada@example.org",)"
    R"("status":"active","age":36,"score":81.25,"tags":["alpha","beta","gamma"],)"
    R"("address":{"city":"London","zip":"W1","geo":[-0.12,51.5]},"notes":"first of her kind"})";

Expression expression_of(std::string_view text) {
    const Result<std::string> canonical = json::canonicalize(text);
    return *Expression::parse(json::View(*canonical));
}

void evaluate(benchmark::State& state, std::string_view text) {
    const Expression expression = expression_of(text);
    Evaluation evaluation;
    const json::View record(record_text);
    for (auto _ : state) {
        evaluation.begin(record);
        benchmark::DoNotOptimize(expression.evaluate(evaluation));
    }
}

/// What $group does with {"$sum": "$age"}.
void add_up(benchmark::State& state, std::string_view text) {
    const Expression expression = expression_of(text);
    Evaluation evaluation;
    const json::View record(record_text);
    Sum sum;
    for (auto _ : state) {
        evaluation.begin(record);
        const Result<Item> item = expression.evaluate(evaluation);
        if (item.ok() && item->is_number()) sum.add(item->number());
    }
    benchmark::DoNotOptimize(sum.as_double());
}

BENCHMARK_CAPTURE(add_up, fourth_field, R"("$_version")");
BENCHMARK_CAPTURE(add_up, eighth_field, R"("$age")");
BENCHMARK_CAPTURE(add_up, double_field, R"("$score")");
BENCHMARK_CAPTURE(evaluate, constant, "1");
BENCHMARK_CAPTURE(evaluate, first_field, R"("$id")");
BENCHMARK_CAPTURE(evaluate, last_field, R"("$notes")");
BENCHMARK_CAPTURE(evaluate, nested_path, R"("$address.city")");
BENCHMARK_CAPTURE(evaluate, root, R"("$$ROOT")");
BENCHMARK_CAPTURE(evaluate, add_two, R"({"$add":["$age","$score"]})");
BENCHMARK_CAPTURE(evaluate, compare, R"({"$gte":["$age",18]})");
BENCHMARK_CAPTURE(evaluate, condition, R"({"$cond":[{"$gt":["$age",30]},"old","young"]})");
BENCHMARK_CAPTURE(evaluate, map_tags, R"({"$map":{"input":"$tags","in":["$$this"]}})");
BENCHMARK_CAPTURE(evaluate, object, R"({"n":"$name","c":"$address.city"})");

}  // namespace
}  // namespace credvault::query
