// Where rate limits join the pipeline: by key and workspace where a call has a valid credential, by address where it
// has none. The policy is shared by all threads and must not block.
#pragma once

#include "api/call.h"
#include "api/operation.h"
#include "base/result.h"

namespace credvault::api {

class LimitPolicy {
public:
    virtual ~LimitPolicy() = default;
    /// For calls without a valid credential. Fails, as admit_principal, with RATE_LIMITED and the seconds to wait.
    virtual Status admit_address(Call& call, RateClass rate) = 0;
    virtual Status admit_principal(Call& call, RateClass rate) = 0;
    /// Adds the RateLimit fields to a response.
    virtual void describe(Call& call, http::Response& response) = 0;
    /// The call is answered: counts it, and lets it be in flight until its stream has ended.
    virtual void settle(Call& call, http::Response& response) = 0;
};

/// No limits but the server's own.
class Unlimited final : public LimitPolicy {
public:
    Status admit_address(Call&, RateClass) override { return {}; }
    Status admit_principal(Call&, RateClass) override { return {}; }
    void describe(Call&, http::Response&) override {}
    void settle(Call&, http::Response&) override {}
};

}  // namespace credvault::api
