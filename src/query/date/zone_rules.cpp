#include "query/date/zone_rules.h"

#include <algorithm>
#include <array>
#include <string>

namespace credvault::query {
namespace {

constexpr std::size_t header_bytes = 44;
constexpr std::size_t type_bytes = 6;
constexpr std::uint32_t max_count = 100'000;  // Real files have some hundred entries.

std::int64_t big_endian(std::string_view bytes, std::size_t at, std::size_t width) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    if (width == 4) return static_cast<std::int32_t>(value);
    return static_cast<std::int64_t>(value);
}

/// The counts in a header, in the order of the file.
struct Counts {
    std::uint32_t utc_marks, standard_marks, leap_seconds, changes, types, name_bytes;
    std::size_t body(std::size_t time_bytes) const {
        return changes * (time_bytes + 1) + std::size_t{types} * type_bytes + name_bytes +
               leap_seconds * (time_bytes + 4) + standard_marks + utc_marks;
    }
};

std::optional<Counts> read_counts(std::string_view bytes) {
    if (bytes.size() < header_bytes || !bytes.starts_with("TZif") || bytes[4] < '2') return {};
    std::array<std::uint32_t, 6> values{};
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<std::uint32_t>(big_endian(bytes, 20 + i * 4, 4));
        if (values[i] > max_count) return {};
    }
    return Counts{values[0], values[1], values[2], values[3], values[4], values[5]};
}

}  // namespace

std::optional<ZoneRules> ZoneRules::parse(std::string_view bytes) {
    // A block with times of 32 bits comes first, for old readers.
    const auto old = read_counts(bytes);
    if (!old || bytes.size() < header_bytes + old->body(4)) return {};
    bytes.remove_prefix(header_bytes + old->body(4));
    const auto counts = read_counts(bytes);
    if (!counts || counts->types == 0 || bytes.size() < header_bytes + counts->body(8)) return {};
    std::string_view footer = bytes.substr(header_bytes + counts->body(8));
    bytes.remove_prefix(header_bytes);

    const std::size_t type_indexes = std::size_t{counts->changes} * 8;
    const std::size_t types = type_indexes + counts->changes;
    const auto offset_of = [&](std::size_t type) {
        return static_cast<std::int32_t>(big_endian(bytes, types + type * type_bytes, 4));
    };
    ZoneRules rules;
    rules.offsets_.push_back(offset_of(0));
    for (std::size_t i = 0; i < counts->changes; ++i) {
        const auto type = static_cast<unsigned char>(bytes[type_indexes + i]);
        if (type >= counts->types) return {};
        rules.changes_.push_back(big_endian(bytes, i * 8, 8));
        rules.offsets_.push_back(offset_of(type));
    }
    if (!std::is_sorted(rules.changes_.begin(), rules.changes_.end())) return {};
    constexpr std::int32_t most = 26 * 3600;
    for (const std::int32_t offset : rules.offsets_) {
        if (offset < -most || offset > most) return {};
    }
    if (footer.starts_with('\n') && footer.size() > 2) {
        footer.remove_prefix(1);
        rules.rule_ = PosixZone::parse(footer.substr(0, footer.find('\n')));
    }
    return rules;
}

std::int32_t ZoneRules::offset_at(std::int64_t utc_seconds) const {
    const auto next = std::upper_bound(changes_.begin(), changes_.end(), utc_seconds);
    if (next == changes_.end() && rule_) return rule_->offset_at(utc_seconds);
    return offsets_[static_cast<std::size_t>(next - changes_.begin())];
}

}  // namespace credvault::query
