// What a filter costs on one record's canonical text: the part of a collection scan that is ours. The record is of the
// size that the figures in RESULTS.md speak of, about 300 bytes.

#include <benchmark/benchmark.h>

#include <string>

#include "json/canonical.h"
#include "query/filter.h"
#include "query/projection.h"

namespace credvault::query {
namespace {

constexpr std::string_view record_text =
    R"({"id":"01J9ZK3V5Y8Q2W4E6R8T0Y1U3I","created_at":"2026-01-31T12:00:00.000Z",)"
    R"("updated_at":"2026-01-31T12:00:00.000Z","_version":1,"name":"Ada Lovelace","email":"ada@example.org",)"
    R"("status":"active","age":36,"score":81.25,"tags":["alpha","beta","gamma"],)"
    R"("address":{"city":"London","zip":"W1","geo":[-0.12,51.5]},"notes":"first of her kind"})";

Filter filter_of(std::string_view text) {
    Result<std::string> canonical = json::canonicalize(text);
    return *parse_filter(json::View(*canonical));
}

void match(benchmark::State& state, std::string_view text) {
    const Filter filter = filter_of(text);
    const json::View record(record_text);
    for (auto _ : state) benchmark::DoNotOptimize(filter.matches(record));
    state.counters["record_bytes"] = static_cast<double>(record_text.size());
}

BENCHMARK_CAPTURE(match, everything, "{}");
BENCHMARK_CAPTURE(match, string_equal, R"({"status":"active"})");
BENCHMARK_CAPTURE(match, string_differs, R"({"status":"closed"})");
BENCHMARK_CAPTURE(match, number_range, R"({"age":{"$gte":18,"$lt":65}})");
BENCHMARK_CAPTURE(match, two_predicates, R"({"status":"active","age":{"$gt":18}})");
BENCHMARK_CAPTURE(match, double_range, R"({"score":{"$gt":80.5}})");
BENCHMARK_CAPTURE(match, missing_field, R"({"absent":1})");
BENCHMARK_CAPTURE(match, last_field, R"({"notes":"first of her kind"})");
BENCHMARK_CAPTURE(match, nested_path, R"({"address.city":"London"})");
BENCHMARK_CAPTURE(match, array_element, R"({"tags":"gamma"})");
BENCHMARK_CAPTURE(match, in_four, R"({"status":{"$in":["new","active","closed","lost"]}})");
BENCHMARK_CAPTURE(match, regex_prefix, R"({"email":{"$regex":"^ada@"}})");
BENCHMARK_CAPTURE(match, regex_inside, R"({"email":{"$regex":"example\\.(org|com)$"}})");
BENCHMARK_CAPTURE(match, either_field, R"({"$or":[{"status":"closed"},{"age":36}]})");

void project(benchmark::State& state, std::string_view text) {
    const Filter everything;
    const Result<Projection> projection = parse_projection(json::View(text), everything);
    const json::View record(record_text);
    std::string out;
    for (auto _ : state) {
        out.clear();
        benchmark::DoNotOptimize(projection->append(out, record, everything).ok());
    }
}

BENCHMARK_CAPTURE(project, two_fields, R"({"name":1,"age":1})");
BENCHMARK_CAPTURE(project, without_notes, R"({"notes":0})");

}  // namespace
}  // namespace credvault::query
