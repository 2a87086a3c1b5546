#include "json/names.h"

#include <algorithm>
#include <bit>
#include <compare>
#include <numeric>
#include <optional>

namespace credvault::json {
namespace {

/// Inserts the names into a table with open addressing. Gives up, answering nothing, where that takes too many steps.
std::optional<const Name*> find_by_hash(const Name* names, std::size_t count, const char* canonical,
                                        std::vector<std::uint32_t>& table) {
    const std::size_t slots = std::bit_ceil(count * 2);
    const std::size_t mask = slots - 1;
    table.assign(slots, 0);
    std::size_t steps_left = count * 8;
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t slot = std::uint64_t{names[i].hash} * slots >> 32;
        for (; table[slot] != 0; slot = (slot + 1) & mask) {
            if (steps_left-- == 0) return std::nullopt;
            const Name& other = names[table[slot] - 1];
            if (other.hash == names[i].hash && other.in(canonical) == names[i].in(canonical))
                return &names[i];
        }
        table[slot] = static_cast<std::uint32_t>(i + 1);
    }
    return nullptr;
}

const Name* find_by_order(const Name* names, std::size_t count, const char* canonical,
                          std::vector<std::uint32_t>& table) {
    table.resize(count);
    std::iota(table.begin(), table.end(), 0);
    std::ranges::sort(table, [&](std::uint32_t a, std::uint32_t b) {
        const auto order = names[a].in(canonical) <=> names[b].in(canonical);
        return std::is_eq(order) ? a < b : std::is_lt(order);
    });
    const Name* first = nullptr;
    for (std::size_t i = 1; i < count; ++i) {
        const Name& name = names[table[i]];
        if (names[table[i - 1]].in(canonical) != name.in(canonical)) continue;
        if (first == nullptr || name.sent < first->sent) first = &name;
    }
    return first;
}

}  // namespace

const Name* find_duplicate(const Name* names, std::size_t count, const char* canonical,
                           std::vector<std::uint32_t>& table) {
    if (const auto found = find_by_hash(names, count, canonical, table)) return *found;
    return find_by_order(names, count, canonical, table);
}

}  // namespace credvault::json
