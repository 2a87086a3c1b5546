// What the limits have said about one call; part of the Call. One thread.
#pragma once

#include <memory>

#include "access/address_limiter.h"
#include "access/meters.h"

namespace credvault::api {

enum class LimitScope : std::uint8_t { None, Key, Workspace, Concurrency, Address };
constexpr std::size_t limit_scopes = 5;

struct LimitState {
    std::shared_ptr<access::MeterUse> use;  ///< Null: no credential, or a call that is not counted.
    const access::Tier* tier = nullptr;     ///< Whose figures were asked.
    access::CallClass of = access::CallClass::Standard;
    bool by_address = false;      ///< `key` is what the address's budget said.
    access::Admission key;        ///< Where that budget is limited.
    access::Admission workspace;  ///< The same.
    LimitScope refused_by = LimitScope::None;
    access::CallSlot slot;
};

}  // namespace credvault::api
