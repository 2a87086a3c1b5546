// Usage as it is stored: one record for each period, key and class of call, whose numbers only grow.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "access/latencies.h"
#include "access/meters.h"
#include "json/view.h"
#include "storage/engine.h"

namespace credvault::access {

struct CallUse {
    CallCounts counts;
    Latencies latencies;  ///< Of the requests; fewer where an earlier version counted some of them.

    CallUse& operator+=(const CallUse& other) {
        counts += other.counts;
        latencies += other.latencies;
        return *this;
    }
};

/// Whose use, of what, when.
struct UsageSlot {
    std::string workspace;
    std::string period;  ///< A day, "2026-01-31", or an hour's beginning, "2026-01-31T13:00:00.000Z".
    std::string subject;
    CallClass of;

    bool is_hour() const { return period.size() > 10; }
    std::string id() const;
};

constexpr std::string_view day_field = "day";
constexpr std::string_view hour_field = "hour";

/// Of a record of usage; what is missing or wrong counts as 0.
CallUse use_of(const json::View& record);
std::string text_of(const json::View& record, std::string_view name);
/// A change that adds to the slot's record, or makes it.
std::unique_ptr<storage::RecordChange> addition(const UsageSlot& slot, const CallUse& more);

}  // namespace credvault::access
