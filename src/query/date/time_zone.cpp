#include "query/date/time_zone.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "query/date/zone_rules.h"

namespace credvault::query {
namespace {

constexpr std::string_view zone_directory = "/usr/share/zoneinfo/";
constexpr std::size_t max_name_bytes = 64;
constexpr std::size_t max_file_bytes = 1 << 16;
constexpr std::int64_t day_ms = 86'400'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

/// Whether a file of this name can be a zone: no way out of the directory, none of its other files ("posix/…",
/// "localtime", "zone.tab").
bool is_zone_name(std::string_view name) {
    const auto is_allowed = [](char c) {
        return is_upper(c) || (c >= 'a' && c <= 'z') || is_digit(c) || c == '/' || c == '_' || c == '+' ||
               c == '-';
    };
    return !name.empty() && name.size() <= max_name_bytes && is_upper(name[0]) &&
           std::all_of(name.begin(), name.end(), is_allowed);
}

std::shared_ptr<const ZoneRules> read_zone(std::string_view name) {
    std::ifstream file(std::string(zone_directory).append(name), std::ios::binary);
    // Unlike a stream's iterators, read() does not throw where the name is that of a directory.
    std::string bytes(max_file_bytes, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    auto rules = ZoneRules::parse(bytes);
    if (!rules) return nullptr;
    return std::make_shared<const ZoneRules>(std::move(*rules));
}

/// Zones that were asked for; never more than the database has.
class ZoneCache {
public:
    std::shared_ptr<const ZoneRules> find(std::string_view name) {
        {
            const std::shared_lock lock(mutex_);
            const auto known = zones_.find(name);
            if (known != zones_.end()) return known->second;
        }
        auto rules = read_zone(name);
        if (!rules) return nullptr;
        const std::unique_lock lock(mutex_);
        return zones_.try_emplace(std::string(name), std::move(rules)).first->second;
    }

private:
    std::shared_mutex mutex_;
    std::map<std::string, std::shared_ptr<const ZoneRules>, std::less<>> zones_;
};

ZoneCache& zone_cache() {
    static ZoneCache cache;
    return cache;
}

/// ±hh, ±hhmm or ±hh:mm in seconds.
std::optional<std::int32_t> parse_distance(std::string_view text) {
    const std::size_t size = text.size();
    const bool has_colon = size == 6 && text[3] == ':';
    if (size != 3 && size != 5 && !has_colon) return {};
    std::int32_t digits[4] = {};
    std::size_t count = 0;
    for (std::size_t i = 1; i < size; ++i) {
        if (has_colon && i == 3) continue;
        if (!is_digit(text[i])) return {};
        digits[count++] = text[i] - '0';
    }
    const std::int32_t seconds = (digits[0] * 10 + digits[1]) * 3600 + (digits[2] * 10 + digits[3]) * 60;
    return text[0] == '-' ? -seconds : seconds;
}

}  // namespace

TimeZone TimeZone::fixed(std::int32_t seconds_east) {
    TimeZone zone;
    zone.fixed_ = seconds_east;
    return zone;
}

std::optional<TimeZone> TimeZone::find(std::string_view name) {
    if (name == "UTC" || name == "GMT" || name == "Z") return TimeZone();
    if (name.starts_with('+') || name.starts_with('-')) {
        const auto seconds = parse_distance(name);
        if (!seconds) return {};
        return fixed(*seconds);
    }
    if (!is_zone_name(name)) return {};
    TimeZone zone;
    zone.rules_ = zone_cache().find(name);
    if (!zone.rules_) return {};
    return zone;
}

std::int64_t TimeZone::offset_at(std::int64_t utc_ms) const {
    if (!rules_) return std::int64_t{fixed_} * 1000;
    const std::int64_t seconds = (utc_ms >= 0 ? utc_ms : utc_ms - 999) / 1000;
    return std::int64_t{rules_->offset_at(seconds)} * 1000;
}

std::int64_t TimeZone::to_utc(std::int64_t local_ms) const {
    if (!rules_) return local_ms - offset_at(0);
    // No zone is more than a day away from UTC, and none changes twice within two days.
    const std::int64_t before = offset_at(local_ms - day_ms);
    const std::int64_t after = offset_at(local_ms + day_ms);
    if (before == after || offset_at(local_ms - before) == before) return local_ms - before;
    if (offset_at(local_ms - after) == after) return local_ms - after;
    return local_ms - before;
}

}  // namespace credvault::query
