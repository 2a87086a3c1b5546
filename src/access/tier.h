// Tiers: how much a workspace may do and hold (API.md, "Limits"). The figures come from the configuration and do not
// change while the server runs; a workspace's record names its tier. Value types; a Tier is immutable and lives as long
// as its Tiers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "access/gcra.h"
#include "base/error.h"

namespace credvault::access {

/// What requests are counted by, each with a budget of its own.
enum class CallClass : std::uint8_t { Standard, Scan, Training };
constexpr std::size_t call_classes = 3;
/// "standard", "scan", "training".
std::string_view call_class_name(CallClass of);

/// What a workspace has a number of.
enum class Counted : std::uint8_t { Keys, Members, Webhooks };
constexpr std::size_t counted_kinds = 3;

/// The figures of one tier as they are configured; 0 is no limit.
struct TierSettings {
    struct Requests {
        std::int64_t requests = 0;  ///< Of a key or user, per window.
        std::int64_t burst = 1;
        std::int64_t workspace_requests = 0;
        std::int64_t workspace_burst = 1;
    };
    std::int64_t window_s = 60;
    std::array<Requests, call_classes> requests;  ///< By CallClass.
    std::int64_t concurrency = 0;                 ///< Calls of a workspace in flight.
    std::int64_t records = 0;
    std::int64_t storage_bytes = 0;
    std::array<std::int64_t, counted_kinds> counted{};  ///< By Counted.
};

constexpr std::array<std::string_view, 4> tier_names{"free", "starter", "pro", "enterprise"};

struct TiersSettings {
    std::array<TierSettings, tier_names.size()> tiers;  ///< In the order of tier_names.
    std::string default_tier = "enterprise";            ///< Of workspaces that name none.

    /// With the figures that docs/configuration.md names.
    static TiersSettings standard();
};

class Tier {
public:
    Tier(std::string_view name, const TierSettings& settings);

    const std::string& name() const { return name_; }
    const TierSettings& settings() const { return settings_; }
    const Budget& key(CallClass of) const { return key_[static_cast<std::size_t>(of)]; }
    const Budget& workspace(CallClass of) const { return workspace_[static_cast<std::size_t>(of)]; }
    /// The value of RateLimit-Policy; empty where the class has no limit.
    const std::string& policy(CallClass of) const { return policies_[static_cast<std::size_t>(of)]; }
    std::int64_t most(Counted what) const { return settings_.counted[static_cast<std::size_t>(what)]; }
    /// What says that there are as many as the tier allows. Lives as long as the tier.
    const Error& too_many(Counted what) const { return too_many_[static_cast<std::size_t>(what)]; }

private:
    std::string name_;
    TierSettings settings_;
    std::array<Budget, call_classes> key_;
    std::array<Budget, call_classes> workspace_;
    std::array<std::string, call_classes> policies_;
    std::array<Error, counted_kinds> too_many_;
};

/// The names of the two budgets of a class in the RateLimit fields, for instance "default" and "workspace".
std::string_view key_budget_name(CallClass of);
std::string_view workspace_budget_name(CallClass of);

class Tiers {
public:
    explicit Tiers(const TiersSettings& settings);
    Tiers(const Tiers&) = delete;
    Tiers& operator=(const Tiers&) = delete;

    /// Null where there is none of this name.
    const Tier* find(std::string_view name) const;
    const Tier& standard() const { return *standard_; }

private:
    std::array<Tier, tier_names.size()> tiers_;
    const Tier* standard_;
};

}  // namespace credvault::access
