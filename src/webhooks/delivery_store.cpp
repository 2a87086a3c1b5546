#include "webhooks/delivery_store.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/clock.h"
#include "json/value.h"
#include "json/writer.h"
#include "query/hidden_fields.h"
#include "query/sort.h"
#include "storage/platform.h"

namespace credvault::webhooks {
namespace {

using storage::events_database;
constexpr std::string_view deliveries = "webhook_deliveries";
constexpr std::string_view positions = "webhook_positions";
constexpr std::string_view standings = "webhook_standings";
constexpr std::string_view statistics = "webhook_statistics";
constexpr std::uint64_t at_once = 1'000;

class EachRow final : public storage::RowSink {
public:
    explicit EachRow(std::function<void(const json::View&)> take, std::function<void()> forget)
        : take_(std::move(take)), forget_(std::move(forget)) {}
    bool row(const storage::Row& row) override {
        take_(row.record);
        return true;
    }
    void restart() override { forget_(); }

private:
    std::function<void(const json::View&)> take_;
    std::function<void()> forget_;
};

storage::WriteBatch batch_in_events() {
    storage::WriteBatch batch;
    batch.database = events_database;
    return batch;
}

storage::FindRequest find_in(std::string_view collection, std::uint64_t limit) {
    storage::FindRequest request;
    request.database = events_database;
    request.collection = collection;
    request.limit = limit;
    return request;
}

std::int64_t int_in(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->type() == json::Type::Int ? member->as_int() : 0;
}

std::string string_in(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->is_string() ? member->as_string() : std::string();
}

std::string of_webhook(std::string_view webhook, std::string_view also = {}) {
    std::string filter;
    json::Writer out(filter);
    out.begin_object().key("$and").begin_array();
    out.begin_object().key("webhook").string(webhook).end_object();
    if (!also.empty()) out.raw(also);
    out.end_array().end_object();
    return filter;
}

std::string between(std::string_view field, std::string_view from, std::string_view to) {
    std::string filter;
    json::Writer out(filter);
    out.begin_object().key(field).begin_object();
    out.key("$gte").string(from).key("$lte").string(to).end_object().end_object();
    return filter;
}

Error delivery_not_found(std::string_view id) {
    return Error(ErrorCode::DELIVERY_NOT_FOUND,
                 "There is no delivery with the id '" + std::string(id.substr(0, 64)) + "'", "delivery");
}

HourCounts counts_of(const json::View& record) {
    HourCounts counts;
    counts.succeeded = int_in(record, "succeeded");
    counts.failed = int_in(record, "failed");
    const auto latency = record.find("latency");
    std::size_t i = 0;
    if (!latency || !latency->is_array()) return counts;
    for (const json::View element : latency->elements()) {
        if (i < HourCounts::buckets && element.type() == json::Type::Int)
            counts.latency[i] = element.as_int();
        ++i;
    }
    return counts;
}

/// Back to the beginning of the schedule.
class Renewal final : public storage::RecordChange {
public:
    explicit Renewal(std::int64_t now_ms) : now_ms_(now_ms) {}
    Result<std::string> apply(const json::View& current) const override {
        auto delivery = Delivery::parse(current);
        if (!delivery) return Error(ErrorCode::INTERNAL, {}, {}, "a delivery can't be read");
        if (!delivery->held) {
            delivery->status = DeliveryStatus::Retrying;
            delivery->tries = 0;
            delivery->due_ms = now_ms_;
        }
        return delivery->text();
    }

private:
    const std::int64_t now_ms_;
};

}  // namespace

void HourCounts::add(bool success, std::int64_t duration_us) {
    ++(success ? succeeded : failed);
    const auto* const bound =
        std::lower_bound(std::begin(bounds_ms), std::end(bounds_ms), duration_us,
                         [](std::int64_t ms, std::int64_t us) { return ms * 1'000 < us; });
    ++latency[bound - std::begin(bounds_ms)];
}

HourCounts& HourCounts::operator+=(const HourCounts& other) {
    succeeded += other.succeeded;
    failed += other.failed;
    for (std::size_t i = 0; i < buckets; ++i) latency[i] += other.latency[i];
    return *this;
}

std::int64_t HourCounts::quantile(double part) const {
    std::int64_t all = 0;
    for (const std::int64_t count : latency) all += count;
    std::int64_t seen = 0;
    for (std::size_t i = 0; i < buckets; ++i) {
        seen += latency[i];
        if (all > 0 && static_cast<double>(seen) >= part * static_cast<double>(all))
            return i < std::size(bounds_ms) ? bounds_ms[i] : 20'000;
    }
    return 0;
}

std::string progress_id(std::string_view webhook, std::string_view log) {
    return std::string(webhook) + ":" + std::string(log);
}

std::string progress_text(std::string_view webhook, std::string_view log, const Progress& progress) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").string(progress_id(webhook, log));
    out.key("webhook").string(webhook).key("log").string(log);
    out.key("position").number(static_cast<std::int64_t>(progress.position));
    out.key("done").begin_array();
    for (const std::uint64_t sequence : progress.done) out.number(static_cast<std::int64_t>(sequence));
    out.end_array().end_object();
    return text;
}

std::string standing_text(std::string_view webhook, const Standing& standing) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").string(webhook).key("webhook").string(webhook);
    out.key("failing_since").number(standing.failing_since_ms);
    out.key("last_success").number(standing.last_success_ms);
    out.key("last_failure").number(standing.last_failure_ms).end_object();
    return text;
}

std::string hour_id(std::string_view webhook, std::int64_t hour) {
    return std::string(webhook) + ":" + std::to_string(hour);
}

std::string hour_text(std::string_view webhook, std::int64_t hour, const HourCounts& counts) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").string(hour_id(webhook, hour)).key("webhook").string(webhook);
    out.key("hour")
        .number(hour)
        .key("succeeded")
        .number(counts.succeeded)
        .key("failed")
        .number(counts.failed);
    out.key("latency").begin_array();
    for (const std::int64_t count : counts.latency) out.number(count);
    out.end_array().end_object();
    return text;
}

Reply<void> DeliveryStore::make(std::string_view collection, std::string_view field, bool sparse) {
    auto known = co_await engine_.describe_collection(events_database, collection);
    if (!known.ok()) {
        if (known.error().code != ErrorCode::COLLECTION_NOT_FOUND) co_return std::move(known).error();
        storage::WriteBatch batch = batch_in_events();
        batch.operations.push_back(storage::CreateCollection{collection, "{}"});
        CO_TRY_VOID(co_await engine_.write(batch));
        known = storage::CollectionInfo();
    }
    const std::string name = "by_" + std::string(field);
    for (const storage::IndexInfo& index : known->indexes) {
        if (index.spec.name == name) co_return Status();
    }
    CO_TRY(query::Sort fields, query::parse_sort(field));
    storage::WriteBatch batch = batch_in_events();
    batch.operations.push_back(
        storage::CreateIndex{collection, storage::IndexSpec{name, {std::move(fields), sparse}, false}});
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return Status();
}

Reply<void> DeliveryStore::open() {
    CO_TRY_VOID(co_await make(deliveries, "webhook", false));
    CO_TRY_VOID(co_await make(deliveries, "due", true));
    CO_TRY_VOID(co_await make(positions, "webhook", false));
    CO_TRY_VOID(co_await make(standings, "webhook", false));
    co_return co_await make(statistics, "webhook", false);
}

Reply<void> DeliveryStore::settle(const Settlement& settlement) {
    storage::WriteBatch batch = batch_in_events();
    const auto add = [&](std::string_view collection, const auto& records) {
        for (const auto& [id, text] : records)
            batch.operations.push_back(storage::PutRecord{collection, id, text, true, {}});
    };
    add(deliveries, settlement.rows);
    add(positions, settlement.progress);
    add(standings, settlement.standings);
    add(statistics, settlement.hours);
    if (batch.operations.empty()) co_return Status();
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return Status();
}

Reply<std::map<std::string, Progress>> DeliveryStore::progress(std::string webhook) {
    std::map<std::string, Progress> found;
    storage::FindRequest request = find_in(positions, storage::no_limit);
    const std::string filter = of_webhook(webhook);
    CO_TRY(request.filter, query::parse_filter(json::View(filter)));
    EachRow sink(
        [&](const json::View& record) {
            Progress progress;
            progress.position = static_cast<std::uint64_t>(int_in(record, "position"));
            if (const auto done = record.find("done"); done && done->is_array()) {
                for (const json::View one : done->elements())
                    progress.done.push_back(static_cast<std::uint64_t>(one.as_int()));
            }
            found.emplace(string_in(record, "log"), std::move(progress));
        },
        [&] { found.clear(); });
    CO_TRY_VOID(co_await engine_.find(request, sink));
    co_return found;
}

Reply<Standing> DeliveryStore::standing(std::string webhook) {
    Standing standing;
    EachRow sink(
        [&](const json::View& record) {
            standing = {int_in(record, "failing_since"), int_in(record, "last_success"),
                        int_in(record, "last_failure")};
        },
        [] {});
    const storage::RecordKey key{events_database, standings, webhook};
    CO_TRY_VOID(co_await engine_.get(key, sink));
    co_return standing;
}

Reply<HourCounts> DeliveryStore::hour(std::string webhook, std::int64_t hour) {
    HourCounts counts;
    EachRow sink([&](const json::View& record) { counts = counts_of(record); }, [] {});
    const std::string id = hour_id(webhook, hour);
    const storage::RecordKey key{events_database, statistics, id};
    CO_TRY_VOID(co_await engine_.get(key, sink));
    co_return counts;
}

Reply<std::map<std::int64_t, HourCounts>> DeliveryStore::hours(std::string webhook, std::int64_t from_hour) {
    std::map<std::int64_t, HourCounts> found;
    storage::FindRequest request = find_in(statistics, storage::no_limit);
    const std::string since = R"({"hour":{"$gte":)" + std::to_string(from_hour) + "}}";
    const std::string filter = of_webhook(webhook, since);
    CO_TRY(request.filter, query::parse_filter(json::View(filter)));
    EachRow sink([&](const json::View& record) { found[int_in(record, "hour")] = counts_of(record); },
                 [&] { found.clear(); });
    CO_TRY_VOID(co_await engine_.find(request, sink));
    co_return found;
}

Reply<std::vector<Delivery>> DeliveryStore::held(std::string webhook) {
    std::vector<Delivery> found;
    storage::FindRequest request = find_in(deliveries, storage::no_limit);
    const std::string filter = between("due", webhook + "|held|", webhook + "|held|~");
    CO_TRY(request.filter, query::parse_filter(json::View(filter)));
    EachRow sink(
        [&](const json::View& record) {
            auto delivery = Delivery::parse(record);
            if (!delivery) return;
            delivery->message.body.clear();
            delivery->attempts.clear();
            found.push_back(std::move(*delivery));
        },
        [&] { found.clear(); });
    CO_TRY_VOID(co_await engine_.find(request, sink));
    std::sort(found.begin(), found.end(), [](const Delivery& a, const Delivery& b) {
        return a.message.origin.sequence < b.message.origin.sequence;
    });
    co_return found;
}

Reply<std::vector<Delivery>> DeliveryStore::due(std::string webhook, std::int64_t by_ms,
                                                std::uint64_t limit) {
    std::vector<Delivery> found;
    storage::FindRequest request = find_in(deliveries, limit);
    // Those that are held have a letter where times have a digit.
    const std::string filter = between("due", webhook + "|0", due_key(webhook, by_ms));
    CO_TRY(request.filter, query::parse_filter(json::View(filter)));
    CO_TRY(request.sort, query::parse_sort("due"));
    EachRow sink(
        [&](const json::View& record) {
            if (auto delivery = Delivery::parse(record)) found.push_back(std::move(*delivery));
        },
        [&] { found.clear(); });
    CO_TRY_VOID(co_await engine_.find(request, sink));
    co_return found;
}

Reply<std::optional<Delivery>> DeliveryStore::find(std::string webhook, std::string id) {
    std::optional<Delivery> found;
    EachRow sink([&](const json::View& record) { found = Delivery::parse(record); }, [&] { found.reset(); });
    const storage::RecordKey key{events_database, deliveries, id};
    CO_TRY_VOID(co_await engine_.get(key, sink));
    if (found && found->webhook != webhook) found.reset();
    co_return found;
}

Reply<storage::Listing> DeliveryStore::list(std::string webhook, storage::ListQuery query) {
    storage::ListSource source{events_database, deliveries, {}};
    source.own = of_webhook(webhook);
    static const auto hidden = std::make_shared<const query::HiddenFields>(
        std::begin(hidden_delivery_members), std::end(hidden_delivery_members));
    source.hidden = hidden;
    co_return co_await storage::list_page(engine_, source, std::move(query));
}

Reply<Delivery> DeliveryStore::renew(std::string webhook, std::string id, std::int64_t now_ms) {
    CO_TRY(const std::optional<Delivery> known, co_await find(webhook, id));
    if (!known) co_return delivery_not_found(id);
    const Renewal renewal(now_ms);
    storage::WriteBatch batch = batch_in_events();
    batch.want_records = true;
    batch.operations.push_back(storage::ModifyRecord{deliveries, id, &renewal, {}});
    const auto written = co_await engine_.write(batch);
    if (!written.ok() && written.error().code == ErrorCode::RECORD_NOT_FOUND)
        co_return delivery_not_found(id);
    if (!written.ok()) co_return written.error();
    auto renewed = Delivery::parse(json::View(written->operations.front().record));
    if (!renewed) co_return Error(ErrorCode::INTERNAL, {}, {}, "a delivery can't be read");
    co_return std::move(*renewed);
}

Reply<std::uint64_t> DeliveryStore::renew_all(std::vector<std::string> ids, std::int64_t now_ms) {
    const Renewal renewal(now_ms);
    storage::WriteBatch batch = batch_in_events();
    batch.on_failure = storage::OnFailure::Skip;
    for (const std::string& id : ids)
        batch.operations.push_back(storage::ModifyRecord{deliveries, id, &renewal, {}});
    if (ids.empty()) co_return std::uint64_t{0};
    CO_TRY(const storage::WriteOutcome written, co_await engine_.write(batch));
    std::uint64_t renewed = 0;
    for (const storage::OperationOutcome& one : written.operations)
        renewed += one.effect == storage::Effect::Changed ? 1 : 0;
    co_return renewed;
}

Reply<std::vector<std::string>> DeliveryStore::ids(std::string_view collection, std::string filter,
                                                   std::uint64_t limit) {
    std::vector<std::string> found;
    storage::FindRequest request = find_in(collection, limit);
    CO_TRY(request.filter, query::parse_filter(json::View(filter)));
    EachRow sink([&](const json::View& record) { found.push_back(string_in(record, "id")); },
                 [&] { found.clear(); });
    CO_TRY_VOID(co_await engine_.find(request, sink));
    co_return found;
}

Reply<std::vector<std::string>> DeliveryStore::matching(std::string webhook, std::string filter,
                                                        std::string behind, std::uint64_t limit) {
    std::string also;
    json::Writer out(also);
    out.begin_object().key("$and").begin_array().raw(filter);
    out.begin_object().key("id").begin_object().key("$gt").string(behind).end_object().end_object();
    out.end_array().end_object();
    co_return co_await ids(deliveries, of_webhook(webhook, also), limit);
}

Reply<std::size_t> DeliveryStore::remove_some(std::string_view collection, std::string filter) {
    CO_TRY(const std::vector<std::string> found, co_await ids(collection, std::move(filter), at_once));
    if (found.empty()) co_return std::size_t{0};
    storage::WriteBatch batch = batch_in_events();
    batch.on_failure = storage::OnFailure::Skip;
    for (const std::string& id : found) batch.operations.push_back(storage::RemoveRecord{collection, id, {}});
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return found.size();
}

Reply<std::size_t> DeliveryStore::remove_before(std::int64_t at_ms) {
    std::string filter;
    json::Writer out(filter);
    out.begin_object().key("id").begin_object().key("$lt");
    out.string(std::string(delivery_prefix) + least_message_id(at_ms)).end_object();
    out.key("status")
        .begin_object()
        .key("$in")
        .begin_array()
        .string("delivered")
        .string("failed")
        .end_array();
    out.end_object().end_object();
    CO_TRY(const std::size_t rows, co_await remove_some(deliveries, std::move(filter)));
    std::string hours = R"({"hour":{"$lt":)" + std::to_string(at_ms / 3'600'000) + "}}";
    CO_TRY(const std::size_t counted, co_await remove_some(statistics, std::move(hours)));
    co_return std::max(rows, counted);
}

Reply<std::size_t> DeliveryStore::remove_webhook(std::string webhook) {
    CO_TRY_VOID(co_await remove_some(positions, of_webhook(webhook)));
    CO_TRY_VOID(co_await remove_some(standings, of_webhook(webhook)));
    CO_TRY_VOID(co_await remove_some(statistics, of_webhook(webhook)));
    co_return co_await remove_some(deliveries, of_webhook(webhook));
}

Reply<void> DeliveryStore::forget(std::string webhook, std::string log) {
    const std::string id = progress_id(webhook, log);
    storage::WriteBatch batch = batch_in_events();
    batch.operations.push_back(storage::RemoveRecord{positions, id, {}});
    const auto written = co_await engine_.write(batch);
    if (!written.ok() && written.error().code != ErrorCode::RECORD_NOT_FOUND) co_return written.error();
    co_return Status();
}

}  // namespace credvault::webhooks
