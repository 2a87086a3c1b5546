// Where rate limits join the pipeline: before the credential is known, by address, and after, by key and workspace. The
// policy is shared by all threads and must not block.
#pragma once

#include "api/call.h"
#include "api/operation.h"
#include "base/result.h"

namespace credvault::api {

class LimitPolicy {
public:
    virtual ~LimitPolicy() = default;
    /// Both fail with RATE_LIMITED and the seconds to wait.
    virtual Status admit_address(Call& call) = 0;
    virtual Status admit_principal(Call& call, RateClass rate) = 0;
    /// Adds the RateLimit fields to a response.
    virtual void describe(Call& call, http::Response& response) = 0;
};

/// No limits but the server's own.
class Unlimited final : public LimitPolicy {
public:
    Status admit_address(Call&) override { return {}; }
    Status admit_principal(Call&, RateClass) override { return {}; }
    void describe(Call&, http::Response&) override {}
};

}  // namespace credvault::api
