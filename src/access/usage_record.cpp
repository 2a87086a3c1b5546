#include "access/usage_record.h"

#include <utility>

#include "json/value.h"
#include "json/writer.h"

namespace credvault::access {
namespace {

std::uint64_t number_of(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->type() == json::Type::Int ? static_cast<std::uint64_t>(member->as_int()) : 0;
}

class Addition final : public storage::RecordChange {
public:
    Addition(std::string record, const CallUse& more) : record_(std::move(record)), more_(more) {}

    Result<std::string> apply(const json::View& current) const override {
        json::Value record(current);
        CallUse sum = use_of(current);
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
    static void set(json::Value& record, const CallUse& use) {
        record.set("requests", json::Value(static_cast<std::int64_t>(use.counts.requests)));
        record.set("limited", json::Value(static_cast<std::int64_t>(use.counts.limited)));
        record.set("errors", json::Value(static_cast<std::int64_t>(use.counts.errors)));
        record.set("latency", use.latencies.stored());
    }

    const std::string record_;
    const CallUse more_;
};

}  // namespace

std::string UsageSlot::id() const {
    std::string id = workspace + "." + period + "." + subject + ".";
    id += call_class_name(of);
    return id;
}

CallUse use_of(const json::View& record) {
    CallUse use;
    use.counts = {number_of(record, "requests"), number_of(record, "limited"), number_of(record, "errors")};
    if (const auto latency = record.find("latency")) use.latencies = Latencies::from_stored(*latency);
    return use;
}

std::string text_of(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->is_string() ? member->as_string() : std::string();
}

std::unique_ptr<storage::RecordChange> addition(const UsageSlot& slot, const CallUse& more) {
    std::string record;
    json::Writer out(record);
    out.begin_object().key("id").string(slot.id()).key("workspace").string(slot.workspace);
    out.key(slot.is_hour() ? hour_field : day_field).string(slot.period);
    out.key("key").string(slot.subject).key("class").string(call_class_name(slot.of)).end_object();
    return std::make_unique<Addition>(std::move(record), more);
}

}  // namespace credvault::access
