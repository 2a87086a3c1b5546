#include "access/tier.h"

#include <algorithm>

namespace credvault::access {
namespace {

constexpr std::array<std::string_view, call_classes> class_names{"standard", "scan", "training"};
constexpr std::array<std::string_view, call_classes> key_names{"default", "scan", "training"};
constexpr std::array<std::string_view, call_classes> workspace_names{"workspace", "workspace-scan",
                                                                     "workspace-training"};

constexpr std::int64_t gib = std::int64_t{1} << 30;

/// The key's figures, and twice as much for the workspace; a burst is a whole window's worth.
TierSettings::Requests requests(std::int64_t of_key) { return {of_key, of_key, 2 * of_key, 2 * of_key}; }

void append_policy(std::string& to, std::string_view name, const Budget& budget) {
    if (!budget.limited()) return;
    if (!to.empty()) to += ", ";
    to.append("\"").append(name).append("\";q=").append(std::to_string(budget.rate.requests));
    to.append(";w=").append(std::to_string(budget.rate.window_s));
}

Error as_many_as_allowed(std::string_view tier, std::string_view what, std::int64_t most) {
    return Error(ErrorCode::QUOTA_EXCEEDED,
                 "The workspace has as many " + std::string(what) + " as its tier '" + std::string(tier) +
                     "' allows: " + std::to_string(most) + ". Remove one, or change to another tier");
}

}  // namespace

std::string_view call_class_name(CallClass of) { return class_names[static_cast<std::size_t>(of)]; }
std::string_view key_budget_name(CallClass of) { return key_names[static_cast<std::size_t>(of)]; }
std::string_view workspace_budget_name(CallClass of) { return workspace_names[static_cast<std::size_t>(of)]; }

TiersSettings TiersSettings::standard() {
    TiersSettings all;
    TierSettings& free = all.tiers[0];
    free.requests = {requests(600), requests(300), requests(5)};
    free.concurrency = 20;
    free.records = 100'000;
    free.storage_bytes = gib / 2;
    free.counted = {5, 3, 3};
    TierSettings& starter = all.tiers[1];
    starter.requests = {requests(3'000), requests(1'500), requests(20)};
    starter.concurrency = 100;
    starter.records = 2'000'000;
    starter.storage_bytes = 10 * gib;
    starter.counted = {20, 10, 10};
    TierSettings& pro = all.tiers[2];
    pro.requests = {requests(30'000), requests(15'000), requests(100)};
    pro.concurrency = 500;
    pro.records = 50'000'000;
    pro.storage_bytes = 100 * gib;
    pro.counted = {100, 50, 50};
    return all;
}

Tier::Tier(std::string_view name, const TierSettings& settings) : name_(name), settings_(settings) {
    for (std::size_t i = 0; i < call_classes; ++i) {
        const TierSettings::Requests& of = settings.requests[i];
        key_[i] = Budget({of.requests, settings.window_s, of.burst});
        workspace_[i] = Budget({of.workspace_requests, settings.window_s, of.workspace_burst});
        append_policy(policies_[i], key_names[i], key_[i]);
        append_policy(policies_[i], workspace_names[i], workspace_[i]);
    }
    constexpr std::array<std::string_view, counted_kinds> kinds{"API keys", "members", "webhooks"};
    for (std::size_t i = 0; i < counted_kinds; ++i)
        too_many_[i] = as_many_as_allowed(name, kinds[i], settings.counted[i]);
}

Tiers::Tiers(const TiersSettings& settings)
    : tiers_{Tier(tier_names[0], settings.tiers[0]), Tier(tier_names[1], settings.tiers[1]),
             Tier(tier_names[2], settings.tiers[2]), Tier(tier_names[3], settings.tiers[3])},
      standard_(find(settings.default_tier)) {
    if (standard_ == nullptr) standard_ = &tiers_.back();
}

const Tier* Tiers::find(std::string_view name) const {
    const auto found = std::ranges::find_if(tiers_, [&](const Tier& tier) { return tier.name() == name; });
    return found == tiers_.end() ? nullptr : &*found;
}

}  // namespace credvault::access
