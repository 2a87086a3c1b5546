// A time zone of an expression: UTC, a fixed distance from it ("+05:30"), or a zone of the system's time-zone database
// ("Europe/Berlin"). Zones are read once and kept for the life of the process. A cheap value; thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace credvault::query {

class ZoneRules;

class TimeZone {
public:
    /// UTC.
    TimeZone() = default;
    /// By name: an entry of the time-zone database, "UTC", "GMT" or "Z", or a distance as ±hh, ±hhmm or ±hh:mm. Names
    /// are told apart by case. Nothing where there is no such zone.
    static std::optional<TimeZone> find(std::string_view name);
    static TimeZone fixed(std::int32_t seconds_east);

    bool is_utc() const { return rules_ == nullptr && fixed_ == 0; }
    /// Milliseconds east of UTC at an instant (milliseconds since 1970, years 0000 to 9999).
    std::int64_t offset_at(std::int64_t utc_ms) const;
    /// What a clock on the wall shows, as milliseconds since its 1970-01-01T00:00.
    std::int64_t to_local(std::int64_t utc_ms) const { return utc_ms + offset_at(utc_ms); }
    /// The instant at which the wall clock shows this; the earlier one where it does so twice, and as much later as the
    /// clock was set forward where it never does.
    std::int64_t to_utc(std::int64_t local_ms) const;

private:
    std::int32_t fixed_ = 0;
    std::shared_ptr<const ZoneRules> rules_;
};

}  // namespace credvault::query
