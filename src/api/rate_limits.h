// The limits of tiers (access/tier.h) at work: budgets of keys, users and workspaces by class of call, calls in flight
// per workspace, and a budget per address for those without a valid credential. Counts every call for /v1/usage.
// Thread-safe, without a lock for calls with a credential; what it is made of must outlive it.
#pragma once

#include <array>
#include <cstdint>

#include "access/address_limiter.h"
#include "access/meters.h"
#include "api/limits.h"
#include "base/per_thread.h"

namespace credvault::api {

class RateLimits final : public LimitPolicy {
public:
    RateLimits(access::Meters& meters, const access::AddressLimits& addresses);

    Status admit_address(Call& call, RateClass rate) override;
    Status admit_principal(Call& call, RateClass rate) override;
    void describe(Call& call, http::Response& response) override;
    void settle(Call& call, http::Response& response) override;

    /// Calls refused since the start.
    std::uint64_t refused(LimitScope by) const;

private:
    using Counts = std::array<std::atomic<std::uint64_t>, limit_scopes>;

    Status refuse(Call& call, LimitScope by, std::int64_t wait_ns);

    access::Meters& meters_;
    access::AddressLimiter addresses_;
    std::string address_policy_;
    PerThread<Counts> refused_;
};

}  // namespace credvault::api
