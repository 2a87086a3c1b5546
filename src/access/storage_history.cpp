#include "access/storage_history.h"

#include <memory>
#include <utility>

#include "access/kept_collection.h"
#include "access/system.h"
#include "base/clock.h"
#include "json/value.h"
#include "json/writer.h"
#include "query/filter.h"

namespace credvault::access {
namespace {

constexpr std::string_view collection = "usage_storage";
constexpr std::size_t written_at_once = 1'000;
/// Databases that are opened to be counted at one look: few enough that they don't push out those that are in use.
constexpr std::size_t counted_at_once = 20;
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::size_t day_characters = 10;

std::int64_t number_of(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->type() == json::Type::Int ? member->as_int() : 0;
}

/// A workspace's samples lie together, in the order of their hours.
std::string id_of(const std::string& workspace, const std::string& hour) { return workspace + "." + hour; }

std::string record_of(const std::string& workspace, const StorageSample& sample) {
    std::string record;
    json::Writer out(record);
    out.begin_object().key("id").string(id_of(workspace, sample.hour));
    out.key("workspace").string(workspace).key("hour").string(sample.hour);
    out.key("records").number(sample.stock.records).key("bytes").number(sample.stock.bytes).end_object();
    return record;
}

class SampleSink final : public storage::RowSink {
public:
    bool row(const storage::Row& row) override {
        const auto hour = row.record.find("hour");
        if (hour && hour->is_string()) {
            samples.push_back(
                {hour->as_string(), {number_of(row.record, "records"), number_of(row.record, "bytes")}});
        }
        return true;
    }
    void restart() override { samples.clear(); }

    std::vector<StorageSample> samples;
};

Result<query::Filter> between(const std::string& first, const std::string& before) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").begin_object();
    out.key("$gte").string(first).key("$lt").string(before).end_object().end_object();
    return query::parse_filter(json::View(text));
}

}  // namespace

std::string hour_of(std::int64_t ms) { return format_time(ms - ms % hour_ms); }

Reply<void> StorageHistory::open(std::int64_t keep_seconds) {
    const KeptCollection samples{std::string(collection), "hour", keep_seconds, {}, {}};
    co_return co_await open_kept(engine_, samples);
}

StorageHistory::Samples StorageHistory::changed(std::int64_t now_ms) {
    const std::string hour = hour_of(now_ms);
    Samples found;
    for (const auto& [workspace, stock] : allotments_.counted()) {
        const auto last = written_.find(workspace);
        if (last != written_.end() && last->second.stock == stock &&
            last->second.hour.compare(0, day_characters, hour, 0, day_characters) == 0)
            continue;
        found.emplace(workspace, StorageSample{hour, stock});
    }
    return found;
}

Reply<void> StorageHistory::note(std::int64_t now_ms) {
    CO_TRY_VOID(co_await allotments_.count_used(counted_at_once));
    Samples samples = changed(now_ms);
    while (!samples.empty()) {
        Samples some;
        while (!samples.empty() && some.size() < written_at_once)
            some.insert(samples.extract(samples.begin()));
        CO_TRY_VOID(co_await write(some));
        for (auto& [workspace, sample] : some) written_.insert_or_assign(workspace, std::move(sample));
    }
    co_return Status();
}

Reply<void> StorageHistory::write(const Samples& samples) {
    storage::WriteBatch batch;
    batch.database = events_database;
    std::vector<std::string> ids;
    std::vector<std::string> records;
    ids.reserve(samples.size());
    records.reserve(samples.size());
    for (const auto& [workspace, sample] : samples) {
        ids.push_back(id_of(workspace, sample.hour));
        records.push_back(record_of(workspace, sample));
        storage::PutRecord put;
        put.collection = collection;
        put.id = ids.back();
        put.record = records.back();
        put.create = true;
        batch.operations.emplace_back(std::move(put));
    }
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return Status();
}

Reply<std::vector<StorageSample>> StorageHistory::read(std::string workspace, std::string from,
                                                       std::string before) {
    storage::FindRequest earlier;
    earlier.database = events_database;
    earlier.collection = collection;
    CO_TRY(earlier.filter, between(id_of(workspace, ""), id_of(workspace, from)));
    CO_TRY(earlier.sort, query::parse_sort("-id"));
    earlier.limit = 1;
    SampleSink sink;
    CO_TRY_VOID(co_await engine_.find(earlier, sink));
    SampleSink within;
    storage::FindRequest request;
    request.database = events_database;
    request.collection = collection;
    CO_TRY(request.filter, between(id_of(workspace, from), id_of(workspace, before)));
    request.limit = storage::no_limit;
    CO_TRY_VOID(co_await engine_.find(request, within));
    for (StorageSample& sample : within.samples) sink.samples.push_back(std::move(sample));
    co_return std::move(sink.samples);
}

}  // namespace credvault::access
