// What the platform does with JSON most: taking in a record that was sent, finding a field in a stored one, comparing.
// The same by simdjson's On-Demand is measured beside it, since that would be the alternative.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

#include "json/canonical.h"
#include "json/order.h"
#include "json/view.h"
#include "json/writer.h"

namespace credvault::json {
namespace {

const std::string record =
    R"({"id":"01HZX5W3K8Q2V7N4M6P9R0S1T2","name":"Ada Lovelace","email":"ada.lovelace@example.com","age":36,)"
    R"("balance":1043.25,"active":true,"tags":["mathematics","engines","poetry"],"address":{"city":"London",)"
    R"("zip":"W1J 7NT","geo":[-0.1419,51.5074]},"created_at":"2026-01-31T12:00:00.000Z","score":98.5,"rank":7})";

/// The record as a person would have written it.
std::string spaced() {
    std::string text;
    bool quoted = false;
    for (const char c : record) {
        if (c == '"') quoted = !quoted;
        text.push_back(c);
        if (!quoted && (c == '{' || c == ',' || c == '[')) text.append("\n    ");
        if (!quoted && c == ':') text.push_back(' ');
    }
    return text;
}

std::string array_of_records(int count) {
    std::string text = "[";
    for (int i = 0; i < count; ++i) text.append(i == 0 ? "" : ",").append(record);
    return text + "]";
}

std::string wide_object(int count) {
    std::string text = "{";
    for (int i = 0; i < count; ++i)
        text.append(i == 0 ? "\"" : ",\"").append(std::to_string(i * 7919)).append("\":1");
    return text + "}";
}

void run_canonicalize(benchmark::State& state, const std::string& text) {
    std::string out;
    for (auto _ : state) {
        out.clear();
        if (!canonicalize_to(out, text).ok()) state.SkipWithError("refused");
        benchmark::DoNotOptimize(out.data());
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}

void canonicalize_record(benchmark::State& state) { run_canonicalize(state, record); }
void canonicalize_spaced(benchmark::State& state) { run_canonicalize(state, spaced()); }
void canonicalize_array(benchmark::State& state) { run_canonicalize(state, array_of_records(10'000)); }
void canonicalize_wide(benchmark::State& state) {
    run_canonicalize(state, wide_object(static_cast<int>(state.range(0))));
}
BENCHMARK(canonicalize_record);
BENCHMARK(canonicalize_spaced);
BENCHMARK(canonicalize_array);
BENCHMARK(canonicalize_wide)->Arg(100)->Arg(10'000)->Arg(1'000'000);

/// Walks a value with On-Demand and writes it out, as far as our rules allow; neither duplicate names nor the depth
/// are looked at.
bool rewrite(simdjson::ondemand::value value, std::string& out);

bool rewrite_object(simdjson::ondemand::object object, std::string& out) {
    out.push_back('{');
    bool first = true;
    for (auto field : object) {
        if (!first) out.push_back(',');
        first = false;
        std::string_view key;
        if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
        append_string(out, key);
        out.push_back(':');
        simdjson::ondemand::value value;
        if (field.value().get(value) != simdjson::SUCCESS || !rewrite(value, out)) return false;
    }
    out.push_back('}');
    return true;
}

bool rewrite_array(simdjson::ondemand::array array, std::string& out) {
    out.push_back('[');
    bool first = true;
    for (auto element : array) {
        if (!first) out.push_back(',');
        first = false;
        simdjson::ondemand::value value;
        if (element.get(value) != simdjson::SUCCESS || !rewrite(value, out)) return false;
    }
    out.push_back(']');
    return true;
}

bool rewrite_number(simdjson::ondemand::value value, std::string& out) {
    simdjson::ondemand::number number;
    if (value.get_number().get(number) != simdjson::SUCCESS) return false;
    if (number.is_double()) {
        append_double(out, number.get_double());
    } else {
        append_int(out, number.get_int64());
    }
    return true;
}

bool rewrite(simdjson::ondemand::value value, std::string& out) {
    simdjson::ondemand::json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    switch (type) {
        case simdjson::ondemand::json_type::object: {
            simdjson::ondemand::object object;
            return value.get_object().get(object) == simdjson::SUCCESS && rewrite_object(object, out);
        }
        case simdjson::ondemand::json_type::array: {
            simdjson::ondemand::array array;
            return value.get_array().get(array) == simdjson::SUCCESS && rewrite_array(array, out);
        }
        case simdjson::ondemand::json_type::string: {
            std::string_view text;
            if (value.get_string().get(text) != simdjson::SUCCESS) return false;
            append_string(out, text);
            return true;
        }
        case simdjson::ondemand::json_type::number: return rewrite_number(value, out);
        case simdjson::ondemand::json_type::boolean: {
            bool truth = false;
            if (value.get_bool().get(truth) != simdjson::SUCCESS) return false;
            out.append(truth ? "true" : "false");
            return true;
        }
        case simdjson::ondemand::json_type::null: out.append("null"); return true;
    }
    return false;
}

void run_simdjson(benchmark::State& state, const std::string& text) {
    simdjson::ondemand::parser parser;
    std::string padded;
    std::string out;
    for (auto _ : state) {
        out.clear();
        padded.reserve(text.size() + simdjson::SIMDJSON_PADDING);
        padded.assign(text);
        simdjson::ondemand::document document;
        simdjson::ondemand::value value;
        const simdjson::padded_string_view view(padded.data(), padded.size(), padded.capacity());
        if (parser.iterate(view).get(document) != simdjson::SUCCESS ||
            document.get_value().get(value) != simdjson::SUCCESS || !rewrite(value, out)) {
            state.SkipWithError("refused");
        }
        benchmark::DoNotOptimize(out.data());
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}

void simdjson_record(benchmark::State& state) { run_simdjson(state, record); }
void simdjson_spaced(benchmark::State& state) { run_simdjson(state, spaced()); }
void simdjson_array(benchmark::State& state) { run_simdjson(state, array_of_records(10'000)); }
BENCHMARK(simdjson_record);
BENCHMARK(simdjson_spaced);
BENCHMARK(simdjson_array);

void run_find(benchmark::State& state, std::string_view name) {
    for (auto _ : state) {
        std::string_view text = record;
        benchmark::DoNotOptimize(text);
        const std::optional<View> found = View(text).find(name);
        if (!found) state.SkipWithError("not found");
        benchmark::DoNotOptimize(found);
    }
}

void find_first(benchmark::State& state) { run_find(state, "id"); }
void find_last(benchmark::State& state) { run_find(state, "rank"); }
BENCHMARK(find_first);
BENCHMARK(find_last);

void find_last_number(benchmark::State& state) {
    for (auto _ : state) {
        std::string_view text = record;
        benchmark::DoNotOptimize(text);
        const std::optional<View> found = View(text).find("score");
        benchmark::DoNotOptimize(found->type() == Type::Double && found->as_double() > 50);
    }
}
BENCHMARK(find_last_number);

void walk_members(benchmark::State& state) {
    for (auto _ : state) {
        std::size_t bytes = 0;
        for (const Member& member : View(record).members())
            bytes += member.name.size() + member.value.text().size();
        benchmark::DoNotOptimize(bytes);
    }
}
BENCHMARK(walk_members);

void run_compare(benchmark::State& state, std::string_view a, std::string_view b) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(a);
        benchmark::DoNotOptimize(b);
        benchmark::DoNotOptimize(compare(View(a), View(b)));
    }
}

void compare_strings(benchmark::State& state) {
    run_compare(state, R"("2026-01-31T12:00")", R"("2026-01-31T12:01")");
}
void compare_integers(benchmark::State& state) { run_compare(state, "1234567", "1234568"); }
void compare_mixed_numbers(benchmark::State& state) { run_compare(state, "1234567", "1234567.5"); }
void compare_records(benchmark::State& state) {
    const std::string other = record.substr(0, record.size() - 2) + "8}";
    run_compare(state, record, other);
}
BENCHMARK(compare_strings);
BENCHMARK(compare_integers);
BENCHMARK(compare_mixed_numbers);
BENCHMARK(compare_records);

void parse_record(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(parse(record));
}
void write_record(benchmark::State& state) {
    const Value value = *parse(record);
    std::string out;
    for (auto _ : state) {
        out.clear();
        value.append_text(out);
        benchmark::DoNotOptimize(out.data());
    }
}
BENCHMARK(parse_record);
BENCHMARK(write_record);

}  // namespace
}  // namespace credvault::json
