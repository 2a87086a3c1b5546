#include "api/quota_events.h"

#include "base/clock.h"
#include "json/writer.h"
#include "storage/platform.h"
#include "webhooks/platform_event.h"

namespace credvault::api {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::size_t max_told = 10'000;

std::string_view quota_of(std::string_view operation, const Error& error) {
    if (operation == "createApiKey") return "keys";
    if (operation == "createWebhook") return "webhooks";
    if (operation == "createInvitation" || operation == "acceptInvitation") return "members";
    return error.message.find(" bytes of records") == std::string::npos ? "records" : "storage";
}

std::int64_t limit_of(const access::TierSettings& tier, std::string_view quota) {
    using access::Counted;
    const auto counted = [&](Counted what) { return tier.counted[static_cast<std::size_t>(what)]; };
    if (quota == "keys") return counted(Counted::Keys);
    if (quota == "members") return counted(Counted::Members);
    if (quota == "webhooks") return counted(Counted::Webhooks);
    return quota == "records" ? tier.records : tier.storage_bytes;
}

}  // namespace

bool QuotaEvents::is_news(const std::string& workspace, const std::string& quota, std::int64_t hour) {
    const std::lock_guard lock(mutex_);
    const auto told = told_.find({workspace, quota});
    return told == told_.end() || told->second != hour;
}

void QuotaEvents::note(const std::string& workspace, const std::string& quota, std::int64_t hour) {
    const std::lock_guard lock(mutex_);
    if (told_.size() >= max_told) told_.clear();
    told_[{workspace, quota}] = hour;
}

Reply<void> QuotaEvents::reached(std::string workspace, std::string operation, Error error) {
    const std::string quota(quota_of(operation, error));
    const std::int64_t hour = now_ms() / hour_ms;
    if (workspace.empty() || !is_news(workspace, quota, hour)) co_return Status();
    const Status published = co_await publish(workspace, quota, hour);
    // An earlier run of the server may have told it.
    const bool is_told = published.ok() || published.error().code == ErrorCode::ALREADY_EXISTS;
    if (!is_told) co_return published.error();
    note(workspace, quota, hour);
    co_return Status();
}

Reply<void> QuotaEvents::publish(std::string workspace, std::string quota, std::int64_t hour) {
    const access::Tier& tier = allotments_.of(workspace)->tier();
    std::string data;
    json::Writer out(data);
    out.begin_object().key("quota").string(quota).key("tier").string(tier.name());
    out.key("limit").number(limit_of(tier.settings(), quota)).end_object();
    const std::string id = "quota." + quota + "." + workspace + "." + std::to_string(hour);
    const std::string record =
        webhooks::event_record(workspace, "quota.reached", "quotas/" + quota, data, id);
    storage::WriteBatch batch;
    batch.database = storage::system_database;
    batch.operations.push_back(storage::InsertRecord{webhooks::published_collection, record});
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return Status();
}

}  // namespace credvault::api
