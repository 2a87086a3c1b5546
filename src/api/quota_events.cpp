#include "api/quota_events.h"

#include "base/clock.h"
#include "json/writer.h"
#include "storage/platform.h"
#include "webhooks/platform_event.h"

namespace credvault::api {
namespace {

constexpr std::int64_t again_ms = 3'600'000;
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

bool QuotaEvents::is_news(std::string_view workspace, std::string_view quota) {
    const std::int64_t now = now_ms();
    const std::lock_guard lock(mutex_);
    if (told_ms_.size() >= max_told) told_ms_.clear();
    std::int64_t& told = told_ms_[{std::string(workspace), std::string(quota)}];
    if (now - told < again_ms) return false;
    told = now;
    return true;
}

void QuotaEvents::reached(std::string_view workspace, std::string_view operation, const Error& error) {
    const std::string_view quota = quota_of(operation, error);
    if (!workspace.empty() && is_news(workspace, quota))
        (void)publish(std::string(workspace), std::string(quota));
}

Reply<void> QuotaEvents::publish(std::string workspace, std::string quota) {
    const access::Tier& tier = allotments_.of(workspace)->tier();
    std::string data;
    json::Writer out(data);
    out.begin_object().key("quota").string(quota).key("tier").string(tier.name());
    out.key("limit").number(limit_of(tier.settings(), quota)).end_object();
    const std::string record = webhooks::event_record(workspace, "quota.reached", "quotas/" + quota, data);
    storage::WriteBatch batch;
    batch.database = storage::system_database;
    batch.operations.push_back(storage::InsertRecord{webhooks::published_collection, record});
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return Status();
}

}  // namespace credvault::api
