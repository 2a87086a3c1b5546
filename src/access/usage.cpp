#include "access/usage.h"

#include <pthread.h>

#include <chrono>
#include <map>
#include <tuple>
#include <utility>

#include "access/system.h"
#include "base/clock.h"
#include "base/log.h"
#include "json/value.h"
#include "json/writer.h"
#include "query/filter.h"

namespace credvault::access {
namespace {

constexpr std::string_view usage_collection = "usage";
constexpr std::size_t written_at_once = 1'000;
constexpr std::uint64_t most_examined = 1'000'000'000;
constexpr std::int64_t seconds_a_day = 86'400;

std::int64_t number_of(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->type() == json::Type::Int ? member->as_int() : 0;
}

std::string text_of(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->is_string() ? member->as_string() : std::string();
}

CallCounts counts_of(const json::View& record) {
    return {static_cast<std::uint64_t>(number_of(record, "requests")),
            static_cast<std::uint64_t>(number_of(record, "limited")),
            static_cast<std::uint64_t>(number_of(record, "errors"))};
}

/// Adds counts to a record of them.
class Addition final : public storage::RecordChange {
public:
    Addition(std::string record, const CallCounts& more) : record_(std::move(record)), more_(more) {}

    Result<std::string> apply(const json::View& current) const override {
        json::Value record(current);
        CallCounts sum = counts_of(current);
        sum += more_;
        set(record, sum);
        return record.text();
    }
    Result<std::string> insertion() const override {
        json::Value record{json::View(record_)};
        set(record, more_);
        return record.text();
    }

private:
    static void set(json::Value& record, const CallCounts& counts) {
        record.set("requests", json::Value(static_cast<std::int64_t>(counts.requests)));
        record.set("limited", json::Value(static_cast<std::int64_t>(counts.limited)));
        record.set("errors", json::Value(static_cast<std::int64_t>(counts.errors)));
    }

    const std::string record_;
    const CallCounts more_;
};

/// Sums up records by what the query tells apart.
class SumSink final : public storage::RowSink {
public:
    explicit SumSink(const UsageQuery& query) : query_(query) {}

    bool row(const storage::Row& row) override {
        const json::View& record = row.record;
        sums[{query_.by_day ? text_of(record, "day") : std::string(),
              query_.by_class ? text_of(record, "class") : std::string(),
              query_.by_key ? text_of(record, "key") : std::string()}] += counts_of(record);
        return sums.size() <= max_usage_rows;
    }
    void restart() override { sums.clear(); }

    std::map<std::tuple<std::string, std::string, std::string>, CallCounts> sums;

private:
    const UsageQuery& query_;
};

Result<query::Filter> filter_of(const UsageQuery& query) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("workspace").string(query.workspace);
    out.key("day").begin_object().key("$gte").string(query.from).key("$lte").string(query.to).end_object();
    if (!query.key.empty()) out.key("key").string(query.key);
    out.end_object();
    return query::parse_filter(json::View(text));
}

/// Whether it was made, or was there.
Status there(const Result<storage::WriteOutcome>& made) {
    if (made.ok() || made.error().code == ErrorCode::ALREADY_EXISTS) return {};
    return made.error();
}

Reply<void> make_index(storage::Engine& engine, storage::IndexSpec spec) {
    storage::WriteBatch batch;
    batch.database = events_database;
    batch.operations.emplace_back(storage::CreateIndex{usage_collection, std::move(spec)});
    co_return there(co_await engine.write(batch));
}

/// The engine removes what is older than the configuration says; another figure takes another index.
Reply<void> expire_after(storage::Engine& engine, std::int64_t seconds) {
    storage::IndexSpec spec;
    spec.name = "expiry";
    CO_TRY(spec.keys.fields, query::parse_sort("day"));
    spec.ttl_seconds = seconds;
    CO_TRY(const storage::CollectionInfo info,
           co_await engine.describe_collection(events_database, usage_collection));
    for (const storage::IndexInfo& index : info.indexes) {
        if (index.spec.name != spec.name) continue;
        if (index.spec.ttl_seconds == spec.ttl_seconds) co_return Status();
        storage::WriteBatch batch;
        batch.database = events_database;
        batch.operations.emplace_back(storage::DropIndex{usage_collection, "expiry"});
        CO_TRY_VOID(co_await engine.write(batch));
    }
    co_return co_await make_index(engine, std::move(spec));
}

}  // namespace

std::string day_of(std::int64_t ms) { return format_time(ms).substr(0, 10); }

Usage::Usage(storage::Engine& engine, Meters& meters, const UsageSettings& settings)
    : engine_(engine), meters_(meters), settings_(settings) {}

Usage::~Usage() { stop(); }

Reply<void> Usage::open() {
    storage::WriteBatch batch;
    batch.database = events_database;
    batch.operations.emplace_back(storage::CreateCollection{usage_collection, "{}"});
    CO_TRY_VOID(there(co_await engine_.write(batch)));
    storage::IndexSpec by_day;
    by_day.name = "by_day";
    CO_TRY(by_day.keys.fields, query::parse_sort("workspace,day"));
    CO_TRY_VOID(co_await make_index(engine_, std::move(by_day)));
    CO_TRY_VOID(co_await expire_after(engine_, settings_.keep_days * seconds_a_day));
    thread_ = std::thread([this] { keep_writing(); });
    co_return Status();
}

void Usage::stop() {
    if (stopping_.exchange(true) || !thread_.joinable()) return;
    {
        std::lock_guard lock(thread_mutex_);
        if (loop_ != nullptr) loop_->post([] {});
    }
    thread_.join();
}

void Usage::keep_writing() {
    pthread_setname_np(pthread_self(), "usage");
    RunLoop loop;
    {
        std::lock_guard lock(thread_mutex_);
        loop_ = &loop;
    }
    std::int64_t next_ns = monotonic_ns() + settings_.flush_ms * 1'000'000;
    while (!stopping_) {
        const std::int64_t left_ms = (next_ns - monotonic_ns()) / 1'000'000;
        if (left_ms > 0) {
            loop.run_one_for(std::chrono::milliseconds(left_ms));
            continue;
        }
        next_ns = monotonic_ns() + settings_.flush_ms * 1'000'000;
        if (const Status written = loop.wait(flush()); !written.ok())
            log::warning("usage could not be written", {{"cause", written.error().cause}});
    }
    if (const Status written = loop.wait(flush()); !written.ok())
        log::warning("the last usage could not be written", {{"cause", written.error().cause}});
    std::lock_guard lock(thread_mutex_);
    loop_ = nullptr;
}

Usage::Parts Usage::gather() {
    Parts parts;
    {
        std::lock_guard lock(mutex_);
        parts.swap(unwritten_);
    }
    const std::string day = day_of(now_ms());
    for (const MeterCounts& one : meters_.take()) {
        for (std::size_t i = 0; i < call_classes; ++i) {
            if (one.counts[i] == CallCounts()) continue;
            const auto of = static_cast<CallClass>(i);
            const std::string& workspace = one.meter->allotment->workspace();
            std::string id = workspace + "." + day + "." + one.meter->subject + ".";
            id += call_class_name(of);
            Part& part = parts.try_emplace(std::move(id), Part{workspace, day, one.meter->subject, of, {}})
                             .first->second;
            part.counts += one.counts[i];
        }
    }
    return parts;
}

void Usage::put_back(Parts parts) {
    std::lock_guard lock(mutex_);
    for (auto& [id, part] : parts) {
        const auto [there, is_new] = unwritten_.try_emplace(id, part);
        if (!is_new) there->second.counts += part.counts;
    }
}

Reply<void> Usage::flush() {
    Parts parts = gather();
    if (parts.empty()) co_return Status();
    Status written = co_await write(parts);
    if (!written.ok()) put_back(std::move(parts));
    co_return written;
}

/// Takes out of `parts` what is written.
Reply<void> Usage::write(Parts& parts) {
    while (!parts.empty()) {
        storage::WriteBatch batch;
        batch.database = events_database;
        batch.max_examined = most_examined;
        std::vector<std::unique_ptr<Addition>> additions;
        auto end = parts.begin();
        for (; end != parts.end() && additions.size() < written_at_once; ++end) {
            const Part& part = end->second;
            std::string record;
            json::Writer out(record);
            out.begin_object().key("id").string(end->first);
            out.key("workspace").string(part.workspace).key("day").string(part.day);
            out.key("key").string(part.subject).key("class").string(call_class_name(part.of)).end_object();
            additions.push_back(std::make_unique<Addition>(std::move(record), part.counts));
            std::string by_id;
            json::Writer(by_id).begin_object().key("id").string(end->first).end_object();
            storage::ModifyMatches add;
            add.collection = usage_collection;
            CO_TRY(add.filter, query::parse_filter(json::View(by_id)));
            add.change = additions.back().get();
            add.upsert = true;
            batch.operations.emplace_back(std::move(add));
        }
        CO_TRY_VOID(co_await engine_.write(batch));
        parts.erase(parts.begin(), end);
    }
    co_return Status();
}

Reply<std::vector<UsageRow>> Usage::read(UsageQuery query) {
    CO_TRY_VOID(co_await flush());
    storage::FindRequest request;
    request.database = events_database;
    request.collection = usage_collection;
    CO_TRY(request.filter, filter_of(query));
    request.any_order = true;
    request.limit = storage::no_limit;
    SumSink sink(query);
    CO_TRY_VOID(co_await engine_.find(request, sink));
    if (sink.sums.size() > max_usage_rows) {
        co_return Error(ErrorCode::LIMIT_EXCEEDED,
                        "The answer would have more than " + std::to_string(max_usage_rows) +
                            " rows; ask for fewer days, or tell less apart",
                        "group");
    }
    std::vector<UsageRow> rows;
    for (auto& [key, counts] : sink.sums) {
        const auto& [day, of_class, subject] = key;
        rows.push_back({day, of_class, subject, counts});
    }
    co_return rows;
}

}  // namespace credvault::access
