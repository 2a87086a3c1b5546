// What a time-zone file says: when a zone's distance from UTC changed, and the rule for the years after the last
// change. Reads TZif, versions 2 and later (RFC 8536). Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "query/date/posix_zone.h"

namespace credvault::query {

class ZoneRules {
public:
    /// Nothing where the bytes are no such file.
    static std::optional<ZoneRules> parse(std::string_view bytes);
    /// Seconds east of UTC at an instant in seconds since 1970 (years 0000 to 9999).
    std::int32_t offset_at(std::int64_t utc_seconds) const;

private:
    std::vector<std::int64_t> changes_;  ///< Rising.
    std::vector<std::int32_t> offsets_;  ///< offsets_[i] holds before changes_[i]; the last one after all.
    std::optional<PosixZone> rule_;
};

}  // namespace credvault::query
