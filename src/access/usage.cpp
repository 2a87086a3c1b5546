#include "access/usage.h"

#include <pthread.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "access/kept_collection.h"
#include "access/system.h"
#include "base/clock.h"
#include "base/log.h"
#include "json/writer.h"
#include "query/filter.h"

namespace credvault::access {
namespace {

constexpr std::string_view days_collection = "usage";
constexpr std::string_view hours_collection = "usage_hours";
constexpr std::size_t written_at_once = 1'000;
constexpr std::uint64_t most_examined = 1'000'000'000;
constexpr std::int64_t seconds_a_day = 86'400;
constexpr std::int64_t seconds_an_hour = 3'600;

/// Sums up records by what the query tells apart.
class SumSink final : public storage::RowSink {
public:
    using Rows = std::map<std::tuple<std::string, std::string, std::string>, UsageRow>;

    explicit SumSink(const UsageQuery& query) : query_(query) {}

    bool row(const storage::Row& row) override {
        const json::View& record = row.record;
        const std::string period =
            query_.by_time() ? text_of(record, query_.by_hour ? hour_field : day_field) : std::string();
        const std::string of_class = query_.by_class ? text_of(record, "class") : std::string();
        const std::string key = query_.by_key ? text_of(record, "key") : std::string();
        const auto [sum, is_new] = rows.try_emplace({period, of_class, key});
        if (is_new) sum->second = {period, of_class, key, {}, {}};
        sum->second.use += use_of(record);
        return rows.size() <= max_usage_rows;
    }
    void restart() override { rows.clear(); }

    Rows rows;

private:
    const UsageQuery& query_;
};

/// After all that begins with the day, and before the next one.
std::string beyond(const std::string& day) { return day + "~"; }

Result<query::Filter> filter_of(const UsageQuery& query) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("workspace").string(query.workspace);
    out.key(query.by_hour ? hour_field : day_field).begin_object();
    out.key("$gte").string(query.from).key("$lt").string(beyond(query.to)).end_object();
    if (!query.key.empty()) out.key("key").string(query.key);
    out.end_object();
    return query::parse_filter(json::View(text));
}

}  // namespace

std::string day_of(std::int64_t ms) { return format_time(ms).substr(0, 10); }

Usage::Usage(storage::Engine& engine, Meters& meters, Allotments& allotments, const UsageSettings& settings)
    : engine_(engine),
      meters_(meters),
      allotments_(allotments),
      settings_(settings),
      storage_(engine, allotments) {}

Usage::~Usage() { stop(); }

Reply<void> Usage::open() {
    const std::int64_t kept_s = settings_.keep_days * seconds_a_day;
    const KeptCollection days{std::string(days_collection), std::string(day_field), kept_s, "by_day",
                              "workspace,day"};
    CO_TRY_VOID(co_await open_kept(engine_, days));
    const KeptCollection hours{std::string(hours_collection), std::string(hour_field),
                               settings_.keep_hours * seconds_an_hour, "by_hour", "workspace,hour"};
    CO_TRY_VOID(co_await open_kept(engine_, hours));
    CO_TRY_VOID(co_await storage_.open(kept_s));
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
        write_down(loop);
    }
    write_down(loop);
    std::lock_guard lock(thread_mutex_);
    loop_ = nullptr;
}

void Usage::write_down(RunLoop& loop) {
    if (const Status written = loop.wait(flush()); !written.ok())
        log::warning("usage could not be written", {{"cause", written.error().cause}});
    if (const Status written = loop.wait(storage_.note(now_ms())); !written.ok())
        log::warning("what is stored could not be written", {{"cause", written.error().cause}});
}

Usage::Parts Usage::gather() {
    Parts parts;
    {
        std::lock_guard lock(mutex_);
        parts.swap(unwritten_);
    }
    const std::int64_t now = now_ms();
    const std::array<std::string, 2> periods{day_of(now), hour_of(now)};
    for (MeterCounts& one : meters_.take()) {
        for (std::size_t i = 0; i < call_classes; ++i) {
            if (one.counts[i] == CallCounts()) continue;
            const CallUse use{one.counts[i], std::move(one.latencies[i])};
            for (const std::string& period : periods) {
                UsageSlot slot{one.meter->allotment->workspace(), period, one.meter->subject,
                               static_cast<CallClass>(i)};
                std::string id = slot.id();
                parts.try_emplace(std::move(id), Part{std::move(slot), {}}).first->second.use += use;
            }
        }
    }
    return parts;
}

void Usage::put_back(Parts parts) {
    std::lock_guard lock(mutex_);
    for (auto& [id, part] : parts) {
        const auto [there, is_new] = unwritten_.try_emplace(id, part);
        if (!is_new) there->second.use += part.use;
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
        std::vector<std::unique_ptr<storage::RecordChange>> additions;
        auto end = parts.begin();
        for (; end != parts.end() && additions.size() < written_at_once; ++end) {
            const Part& part = end->second;
            additions.push_back(addition(part.slot, part.use));
            std::string by_id;
            json::Writer(by_id).begin_object().key("id").string(end->first).end_object();
            storage::ModifyMatches add;
            add.collection = part.slot.is_hour() ? hours_collection : days_collection;
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
    request.collection = query.by_hour ? hours_collection : days_collection;
    CO_TRY(request.filter, filter_of(query));
    request.any_order = true;
    request.limit = storage::no_limit;
    SumSink sink(query);
    CO_TRY_VOID(co_await engine_.find(request, sink));
    if (query.by_time() && query.of_all()) CO_TRY_VOID(co_await add_stored(query, sink.rows));
    if (sink.rows.size() > max_usage_rows) {
        co_return Error(ErrorCode::LIMIT_EXCEEDED,
                        "The answer would have more than " + std::to_string(max_usage_rows) +
                            " rows; ask for fewer days, or tell less apart",
                        "group");
    }
    std::vector<UsageRow> rows;
    rows.reserve(sink.rows.size());
    for (auto& [key, row] : sink.rows) rows.push_back(std::move(row));
    co_return rows;
}

/// Periods of which nothing else is known any more get no row: it would say that there were no calls.
Reply<void> Usage::add_stored(const UsageQuery& query, Rows& rows) {
    const std::int64_t now = now_ms();
    const std::int64_t step_ms = (query.by_hour ? seconds_an_hour : seconds_a_day) * 1'000;
    const std::int64_t kept_ms =
        query.by_hour ? settings_.keep_hours * step_ms : settings_.keep_days * step_ms;
    const std::int64_t kept_from = (now - kept_ms) / step_ms * step_ms + step_ms;
    std::int64_t at = std::max(parse_time(query.from).value_or(0), kept_from);
    CO_TRY(std::vector<StorageSample> samples,
           co_await storage_.read(query.workspace, hour_of(at), beyond(query.to)));
    CO_TRY(const storage::Stock stored, co_await allotments_.stored(query.workspace));
    samples.push_back({hour_of(now), stored});
    const std::int64_t first = parse_time(samples.front().hour).value_or(now);
    at = std::max(at, first / step_ms * step_ms);
    auto next = samples.begin();
    std::optional<storage::Stock> held;
    for (; at <= now && day_of(at) <= query.to; at += step_ms) {
        const std::string end = hour_of(at + step_ms);
        for (; next != samples.end() && next->hour < end; ++next) held = next->stock;
        const std::string period = query.by_hour ? hour_of(at) : day_of(at);
        const auto [row, is_new] = rows.try_emplace({period, {}, {}});
        if (is_new) row->second.period = period;
        row->second.stored = held;
    }
    co_return Status();
}

}  // namespace credvault::access
