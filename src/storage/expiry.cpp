#include "storage/expiry.h"

#include <algorithm>
#include <string>

#include "base/clock.h"

namespace credvault::storage {
namespace {

/// How far a time's text may be ahead of the same time in UTC, and some more.
constexpr std::int64_t widest_zone_ms = 25 * 3'600'000;

bool descending(const IndexSpec& spec) { return spec.keys.fields.front().descending; }

std::string key_of(std::string_view text, bool descends) {
    std::string key;
    query::append_key(key, json::Value(text), descends);
    return key;
}

}  // namespace

query::KeyRange expiry_range(const IndexSpec& spec, std::int64_t now_ms) {
    const bool descends = descending(spec);
    std::string first = key_of("", descends);
    std::string last = key_of(format_time(now_ms - *spec.ttl_seconds * 1'000 + widest_zone_ms), descends);
    if (descends) first.swap(last);
    return {std::move(first), std::move(last)};
}

bool has_expired(std::string_view key, const IndexSpec& spec, std::int64_t now_ms) {
    const std::optional<std::string> text = query::string_in_key(key, descending(spec));
    const std::optional<std::int64_t> time = text ? parse_time(*text) : std::nullopt;
    return time && *time + *spec.ttl_seconds * 1'000 <= now_ms;
}

}  // namespace credvault::storage
