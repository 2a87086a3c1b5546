// The SQLite engine without HTTP: get, page, scan, count, and inserts alone and together. Needs a directory on a disk:
// CREDVAULT_BENCH_DIR (kept between runs where set), CREDVAULT_BENCH_RECORDS (default 100,000).
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>

#include "base/run_loop.h"
#include "json/canonical.h"
#include "query/filter.h"
#include "query/sort.h"
#include "query/update/update.h"
#include "storage/sqlite/sqlite_engine.h"

namespace credvault::storage {
namespace {

std::string text_of(const char* name, const char* otherwise) {
    const char* const value = std::getenv(name);
    return value != nullptr ? value : otherwise;
}

std::size_t record_count() { return std::stoul(text_of("CREDVAULT_BENCH_RECORDS", "100000")); }

std::string id_of(std::size_t number) {
    std::string digits = std::to_string(number);
    return "r" + std::string(7 - std::min<std::size_t>(7, digits.size()), '0') + digits;
}

std::mt19937_64& random_numbers() {
    static std::mt19937_64 numbers(7);
    return numbers;
}

/// About 300 bytes when stored. Without a number the engine makes the id.
std::string record_of(std::optional<std::size_t> number) {
    static const char* const statuses[] = {"active", "blocked", "invited", "paused"};
    static const char* const cities[] = {"Berlin", "Lagos", "Lima",  "Osaka",
                                         "Oslo",   "Porto", "Quito", "Turin"};
    std::mt19937_64& random = random_numbers();
    const std::string n = std::to_string(number.value_or(random() % 10'000'000));
    std::string text = "{";
    if (number) text += "\"id\":\"" + id_of(*number) + "\",";
    text += "\"name\":\"user " + n + "\",\"email\":\"user" + n + "@example.org\",\"status\":\"" +
            statuses[random() % 4];
    text += "\",\"age\":" + std::to_string(18 + random() % 72) +
            ",\"score\":" + std::to_string(random() % 1000) + ".5";
    text += ",\"city\":\"" + std::string(cities[random() % 8]) + "\",\"tags\":[\"red\",\"black\"]";
    text +=
        ",\"address\":{\"street\":\"Long Street " + std::to_string(random() % 300) + "\",\"zip\":\"12345\"}}";
    return text;
}

class CountingSink final : public RowSink {
public:
    bool row(const Row& row) override {
        bytes += row.record.text().size();
        return true;
    }
    void restart() override { bytes = 0; }
    std::size_t bytes = 0;
};

/// The engine with its data, made at the first use.
class Store {
public:
    static Store& instance() {
        static Store store;
        return store;
    }
    Engine& engine() { return *engine_; }
    RunLoop& loop() { return loop_; }

    template <class T>
    T answer(Reply<T> reply) {
        Result<T> result = loop_.wait(std::move(reply));
        if (!result.ok()) fail(result.error());
        return std::move(result).value();
    }
    void turn() {
        loop_.post([] {}), loop_.run_one();
    }

    WriteBatch batch(std::vector<Operation> operations, const char* database = "bench") {
        WriteBatch batch;
        batch.database = database;
        batch.actor = "key_0123456789";
        batch.operations = std::move(operations);
        return batch;
    }

private:
    Store() {
        SqliteOptions options;
        const std::string kept = text_of("CREDVAULT_BENCH_DIR", "");
        options.directory =
            kept.empty() ? (std::filesystem::temp_directory_path() / "cv_sqlite_bench").string() : kept;
        options.page_bytes =
            std::stoul(text_of("CREDVAULT_BENCH_PAGE", std::to_string(options.page_bytes).c_str()));
        const std::string cache = text_of("CREDVAULT_BENCH_CACHE", "");
        if (!cache.empty()) options.connection_cache_bytes = std::stoul(cache);
        options.vfs = text_of("CREDVAULT_BENCH_VFS", options.vfs.c_str());
        temporary_ = kept.empty() ? options.directory : "";
        if (!temporary_.empty()) std::filesystem::remove_all(temporary_);
        auto opened = open_sqlite_engine(options);
        if (!opened.ok()) fail(opened.error());
        engine_ = std::move(opened).value();
        for (const char* database : {"bench", "inserts"}) {
            if (loop_.wait(engine_->create_database(database)).ok()) prepare(database);
        }
    }
    ~Store() {
        engine_.reset();
        if (!temporary_.empty()) std::filesystem::remove_all(temporary_);
    }

    [[noreturn]] static void fail(const Error& error) {
        std::fprintf(stderr, "%s (%s)\n", error.message.c_str(), error.cause.c_str());
        std::exit(1);
    }
    void prepare(const char* database) {
        const IndexSpec by_email{"by_email", {*query::parse_sort("email"), false}, false};
        const IndexSpec by_status{"by_status", {*query::parse_sort("status,-age"), false}, false};
        answer(engine_->write(batch(
            {CreateCollection{"users"}, CreateIndex{"users", by_email}, CreateIndex{"users", by_status}},
            database)));
        if (std::string_view(database) != "bench") return;
        for (std::size_t first = 0; first < record_count(); first += 1000) {
            std::vector<std::string> texts;
            std::vector<Operation> operations;
            for (std::size_t i = 0; i < 1000; ++i) texts.push_back(record_of(first + i));
            for (const std::string& text : texts) operations.push_back(InsertRecord{"users", text});
            answer(engine_->write(batch(std::move(operations), database)));
        }
    }

    RunLoop loop_;
    std::unique_ptr<Engine> engine_;
    std::string temporary_;
};

/// Several gets between two turns of the loop share a read transaction, as on an I/O thread.
void get(benchmark::State& state) {
    Store& store = Store::instance();
    CountingSink sink;
    std::int64_t since_turn = 0;
    for (auto _ : state) {
        const std::string id = id_of(random_numbers()() % record_count());
        if (!store.answer(store.engine().get({"bench", "users", id}, sink))) state.SkipWithError("not found");
        if (++since_turn == state.range(0)) {
            store.turn();
            since_turn = 0;
        }
    }
}
BENCHMARK(get)->Arg(1)->Arg(8)->Arg(64);

FindRequest request_of(std::string_view filter, std::string_view sort, std::uint64_t limit) {
    FindRequest request;
    request.database = "bench";
    request.collection = "users";
    const auto text = json::canonicalize(filter);
    request.filter = *query::parse_filter(json::View(*text));
    if (!sort.empty()) request.sort = *query::parse_sort(sort);
    request.limit = limit;
    return request;
}

void page(benchmark::State& state) {
    Store& store = Store::instance();
    CountingSink sink;
    const FindRequest request = request_of(R"({"status":"active","age":{"$lt":60}})", "-age", 20);
    for (auto _ : state) {
        if (!store.answer(store.engine().find(request, sink)).has_more) state.SkipWithError("too few");
        store.turn();
    }
}
BENCHMARK(page);

void page_with_total(benchmark::State& state) {
    Store& store = Store::instance();
    CountingSink sink;
    FindRequest request = request_of(R"({"status":"active","age":{"$lt":60}})", "-age", 20);
    request.count_to = 10'000;
    for (auto _ : state) {
        if (store.answer(store.engine().find(request, sink)).total < 1000) state.SkipWithError("too few");
        store.turn();
    }
}
BENCHMARK(page_with_total)->MeasureProcessCPUTime()->UseRealTime();

/// A filter that no index helps, over all records.
void scan(benchmark::State& state) {
    Store& store = Store::instance();
    CountRequest request{"bench",  "users", request_of(R"({"score":{"$gt":998}})", "", 1).filter,
                         no_limit, false,   {}};
    for (auto _ : state) benchmark::DoNotOptimize(store.answer(store.engine().count(request)).count);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(record_count()));
}
BENCHMARK(scan)->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);

void sort_in_memory(benchmark::State& state) {
    Store& store = Store::instance();
    CountingSink sink;
    const FindRequest request = request_of("{}", "score,name", 20);
    for (auto _ : state) store.answer(store.engine().find(request, sink));
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(record_count()));
}
BENCHMARK(sort_in_memory)->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);

/// A thousand records a batch into a collection with two indexes.
void insert_thousand(benchmark::State& state) {
    Store& store = Store::instance();
    for (auto _ : state) {
        state.PauseTiming();
        std::vector<std::string> texts;
        std::vector<Operation> operations;
        for (int i = 0; i < 1000; ++i) texts.push_back(record_of({}));
        for (const std::string& text : texts) operations.push_back(InsertRecord{"users", text});
        const WriteBatch batch = store.batch(std::move(operations), "inserts");
        state.ResumeTiming();
        store.answer(store.engine().write(batch));
    }
    state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(insert_thousand)->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);

/// Single durable inserts, so many waiting at a time.
void insert_single(benchmark::State& state) {
    Store& store = Store::instance();
    const auto waiting = static_cast<std::size_t>(state.range(0));
    std::vector<std::string> texts(waiting);
    std::vector<WriteBatch> batches(waiting);
    for (auto _ : state) {
        std::size_t answered = 0;
        for (std::size_t i = 0; i < waiting; ++i) {
            texts[i] = record_of({});
            batches[i] = store.batch({InsertRecord{"users", texts[i]}}, "inserts");
            store.engine().write(batches[i]).then([&](const Result<WriteOutcome>& done) {
                answered += done.ok();
            });
        }
        while (answered < waiting) store.loop().run_one();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(waiting));
}
BENCHMARK(insert_single)
    ->Arg(1)
    ->Arg(64)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

/// Sets one field, which an index has.
class AgeChange final : public RecordChange {
public:
    explicit AgeChange(std::size_t age)
        : update_(*query::Update::parse(json::View(R"({"$set":{"age":)" + std::to_string(age) + "}}"))) {}
    Result<std::string> apply(const json::View& current) const override { return update_.apply(current, {}); }

private:
    query::Update update_;
};

/// Durable updates by id of one field that one of two indexes has, so many waiting at a time.
void update_indexed(benchmark::State& state) {
    Store& store = Store::instance();
    const auto waiting = static_cast<std::size_t>(state.range(0));
    std::vector<std::string> ids(waiting);
    std::vector<std::unique_ptr<AgeChange>> changes(waiting);
    std::vector<WriteBatch> batches(waiting);
    for (auto _ : state) {
        std::size_t answered = 0;
        for (std::size_t i = 0; i < waiting; ++i) {
            ids[i] = id_of(random_numbers()() % record_count());
            changes[i] = std::make_unique<AgeChange>(random_numbers()() % 100);
            batches[i] = store.batch({ModifyRecord{"users", ids[i], changes[i].get(), {}}});
            store.engine().write(batches[i]).then([&](const Result<WriteOutcome>& done) {
                answered += done.ok();
            });
        }
        while (answered < waiting) store.loop().run_one();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(waiting));
}
BENCHMARK(update_indexed)
    ->Arg(1)
    ->Arg(64)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace credvault::storage
