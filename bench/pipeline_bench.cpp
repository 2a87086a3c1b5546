// What a call costs between the HTTP server and the engine: get by id through the whole pipeline, with an engine
// that has
// its answer at once. The parts of it that are worth watching stand below it.

#include <benchmark/benchmark.h>

#include <string>

#include "api/endpoints.h"
#include "api/metrics.h"
#include "api/pipeline.h"
#include "api/rate_limits.h"
#include "api/service_set.h"
#include "base/clock.h"
#include "base/run_loop.h"
#include "storage/memory/memory_engine.h"

namespace credvault::api {
namespace {

constexpr std::string_view key = "bench-key-0123456789-0123456789-abcdef";
constexpr std::string_view authorization = "ApiKey bench-key-0123456789-0123456789-abcdef";
constexpr std::string_view target =
    "/v1/databases/bench/collections/people/records/01J9ZK3V5Y8Q2W4E6R8T0Y1U3I";
constexpr std::string_view record_text =
    R"({"id":"01J9ZK3V5Y8Q2W4E6R8T0Y1U3I","name":"Ada Lovelace","email":"ada@example.org","status":"active","age":36,)"
    R"("score":81.25,"tags":["alpha","beta","gamma"],"address":{"city":"London","zip":"W1","geo":[-0.12,51.5]},)"
    R"("created_at":"2026-01-31T12:00:00.000Z","updated_at":"2026-01-31T12:00:00.000Z","_version":1})";

/// Has one record, under every id.
class OneRecordEngine final : public storage::Engine {
public:
    Reply<bool> get(const storage::RecordKey&, storage::RowSink& sink) override {
        sink.row({json::View(record_text), {1, 1}});
        return true;
    }
    Reply<std::vector<std::string>> list_databases() override { return rest_.list_databases(); }
    Reply<void> create_database(std::string_view database) override {
        return rest_.create_database(database);
    }
    Reply<void> drop_database(std::string_view database) override { return rest_.drop_database(database); }
    Reply<storage::DatabaseInfo> describe_database(std::string_view database) override {
        return rest_.describe_database(database);
    }
    Reply<std::vector<storage::CollectionInfo>> list_collections(std::string_view database) override {
        return rest_.list_collections(database);
    }
    Reply<storage::CollectionInfo> describe_collection(std::string_view database,
                                                       std::string_view name) override {
        return rest_.describe_collection(database, name);
    }
    Reply<storage::FindResult> find(const storage::FindRequest& request, storage::RowSink& sink) override {
        return rest_.find(request, sink);
    }
    Reply<storage::CountResult> count(const storage::CountRequest& request) override {
        return rest_.count(request);
    }
    Reply<storage::WriteOutcome> write(const storage::WriteBatch& batch) override {
        return rest_.write(batch);
    }
    Reply<storage::ChangesPage> changes(const storage::ChangesRequest& request) override {
        return rest_.changes(request);
    }
    void set_record_rules(const storage::RecordRules* rules) override { rest_.set_record_rules(rules); }
    void set_quotas(storage::Quotas* quotas) override { rest_.set_quotas(quotas); }
    void set_commit_listener(storage::CommitListener* listener) override {
        rest_.set_commit_listener(listener);
    }
    void hold_changes(std::string_view database, std::optional<std::uint64_t> position) override {
        rest_.hold_changes(database, position);
    }
    std::vector<storage::StoreHealth> health() const override { return rest_.health(); }
    storage::EngineMetrics metrics() const override { return rest_.metrics(); }
    void stop() override { rest_.stop(); }

private:
    storage::MemoryEngine rest_;
};

class BareRequest final : public http::Request {
public:
    BareRequest() {
        method = http::Method::Get;
        method_text = "GET";
        path = credvault::api::target;
        credvault::http::Request::target = path;
        fields = {{"Host", "127.0.0.1:8080"},
                  {"Authorization", authorization},
                  {"Accept", "*/*"},
                  {"User-Agent", "bench"}};
        remote_address = "127.0.0.1";
    }
    Reply<std::string_view> body(std::size_t) override { return std::string_view(); }
    Reply<std::string_view> read_some() override { return std::string_view(); }
    bool disconnected() const override { return false; }
};

class NoMetrics final : public MetricsSource {
public:
    std::string text() const override { return {}; }
};

/// A tier that has every limit, and is never at its end.
ServiceSettings with_limits() {
    ServiceSettings settings;
    access::TierSettings& pro = settings.tiers.tiers[2];
    for (access::TierSettings::Requests& of : pro.requests)
        of = {60'000'000, 1'000'000'000, 60'000'000, 1'000'000'000};
    return settings;
}

struct Backend {
    explicit Backend(const std::string& tier = "enterprise") {
        const bool ready = loop.wait(set.open(std::string(key))).ok() &&
                           loop.wait(set.databases.create(set.workspace, "bench", "", {})).ok() &&
                           loop.wait(set.allotments.change_tier(set.workspace, tier, "")).ok();
        if (!ready) std::abort();
    }
    RunLoop loop;
    OneRecordEngine engine;
    storage::QueryLog query_log{{}};
    NoMetrics metrics;
    ServiceSet set{engine, query_log, metrics, with_limits()};
    Unlimited unlimited;
    RateLimits limits{set.meters, {}};
    RequestCounters counters{endpoints().size()};
    AccessLog log{[](std::string_view) {}};
};

void get(benchmark::State& state, Backend& backend, LimitPolicy& limits, AccessLog* log) {
    Pipeline pipeline(endpoints(), {backend.set.services, limits, backend.counters, log}, {});
    BareRequest request;
    for (auto _ : state) {
        request.started_ns = monotonic_ns();
        Reply<http::Response> reply = pipeline.handle(request);
        if (!reply.ready()) state.SkipWithError("not ready");
        const Result<http::Response> response = reply.take();
        if (response->status != 200) state.SkipWithError("no success");
        benchmark::DoNotOptimize(response->body.data());
    }
}

void get_by_id(benchmark::State& state, bool logged) {
    Backend backend;
    get(state, backend, backend.unlimited, logged ? &backend.log : nullptr);
}
BENCHMARK_CAPTURE(get_by_id, with_access_log, true);
BENCHMARK_CAPTURE(get_by_id, without_access_log, false);

/// Without limits calls are counted, with them every budget is asked and told of.
void get_by_id_in_tier(benchmark::State& state, const char* tier) {
    Backend backend(tier);
    get(state, backend, backend.limits, nullptr);
}
BENCHMARK_CAPTURE(get_by_id_in_tier, without_limits, "enterprise");
BENCHMARK_CAPTURE(get_by_id_in_tier, with_limits, "pro");

/// Both limiters alone, until the answer's fields are there.
void limit(benchmark::State& state, const char* tier) {
    Backend backend(tier);
    BareRequest request;
    const auto principal = backend.set.keys.authenticate(key);
    Call call;
    for (auto _ : state) {
        request.started_ns = monotonic_ns();
        call.begin(backend.set.services, request);
        call.principal = principal;
        http::Response response;
        if (!backend.limits.admit_principal(call, RateClass::Standard).ok()) state.SkipWithError("limited");
        backend.limits.describe(call, response);
        backend.limits.settle(call, response);
        benchmark::DoNotOptimize(response.fields.lines().data());
        call.end();
    }
}
BENCHMARK_CAPTURE(limit, without_limits, "enterprise");
BENCHMARK_CAPTURE(limit, with_limits, "pro");

void authenticate(benchmark::State& state) {
    Backend backend;
    for (auto _ : state) benchmark::DoNotOptimize(backend.set.keys.authenticate(key));
}
BENCHMARK(authenticate);

void route(benchmark::State& state) {
    const Router router(endpoints());
    Route found;
    for (auto _ : state) benchmark::DoNotOptimize(router.find(http::Method::Get, target, found));
}
BENCHMARK(route);

void access_line(benchmark::State& state) {
    AccessLog log([](std::string_view) {});
    const AccessEntry entry{"req_0123456789abcdefghij", "GET",       target, "getRecord", 200, 12'345,
                            "key_0123456789abcdefghij", "127.0.0.1", 321,    ""};
    for (auto _ : state) log.add(entry);
}
BENCHMARK(access_line);

}  // namespace
}  // namespace credvault::api
