// What every write and every query do with keys: the entries of a record of about 300 bytes in two indexes, a sort
// position, a plan and going on after a position.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "query/cursor.h"
#include "query/key.h"
#include "query/planner.h"

namespace credvault::query {
namespace {

const std::string record =
    R"({"id":"01HZX5W3K8Q2V7N4M6P9R0S1T2","name":"Ada Lovelace","email":"ada.lovelace@example.com","age":36,)"
    R"("status":"active","balance":1043.25,"tags":["mathematics","engines","poetry"],"address":{"city":"London",)"
    R"("zip":"W1J 7NT"},"created_at":"2026-01-31T12:00:00.000Z","updated_at":"2026-01-31T12:00:00.000Z","_version":1})";

IndexShape shape(std::string_view name, std::string_view fields) {
    IndexShape made;
    made.name = name;
    made.keys.fields = *parse_sort(fields);
    return made;
}

void run_index_keys(benchmark::State& state, const std::vector<IndexShape>& indexes) {
    for (auto _ : state) {
        for (const IndexShape& index : indexes) {
            auto keys = index_keys(json::View(record), index.keys);
            benchmark::DoNotOptimize(keys);
        }
    }
    state.counters["bytes"] = static_cast<double>(record.size());
}

void index_keys_two_indexes(benchmark::State& state) {
    run_index_keys(state, {shape("a", "email"), shape("b", "status,-created_at")});
}
void index_keys_array(benchmark::State& state) { run_index_keys(state, {shape("a", "tags")}); }

void position(benchmark::State& state) {
    const Sort sort = *parse_sort("-created_at,name");
    std::string bytes;
    for (auto _ : state) {
        bytes.clear();
        append_position(bytes, json::View(record), sort);
        benchmark::DoNotOptimize(bytes.data());
    }
}

const std::vector<IndexShape> shapes = {shape("email", "email"), shape("status", "status,-created_at")};

void plan(benchmark::State& state) {
    const Filter filter = *parse_filter(json::View(R"({"status":"active"})"));
    const Sort sort = *parse_sort("-created_at");
    const QueryShape query{filter, sort, false, true};
    for (auto _ : state) {
        Plan made = make_plan(query, shapes);
        benchmark::DoNotOptimize(made);
    }
}

void plan_and_go_on(benchmark::State& state) {
    const Filter filter = *parse_filter(json::View(R"({"status":"active"})"));
    const Sort sort = *parse_sort("-created_at");
    const QueryShape query{filter, sort, false, true};
    std::string after;
    append_position(after, json::View(record), sort);
    for (auto _ : state) {
        Plan made = make_plan(query, shapes);
        continue_after(made, after, query, shapes);
        benchmark::DoNotOptimize(made);
    }
}

void cursor(benchmark::State& state) {
    const Sort sort = *parse_sort("-created_at");
    Cursor made{{}, 137, true};
    append_position(made.position, json::View(record), sort);
    const std::uint64_t fingerprint = fingerprint_of(R"({"status":"active"})", sort);
    for (auto _ : state) {
        auto decoded = decode_cursor(encode_cursor(made, fingerprint), fingerprint, sort);
        benchmark::DoNotOptimize(decoded);
    }
}

BENCHMARK(index_keys_two_indexes);
BENCHMARK(index_keys_array);
BENCHMARK(position);
BENCHMARK(plan);
BENCHMARK(plan_and_go_on);
BENCHMARK(cursor);

}  // namespace
}  // namespace credvault::query
