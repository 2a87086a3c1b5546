// A line with a predicate on places, then a value: the predicate is refused or answered, and what an index would walk
// for it holds every cell of what matches.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "json/canonical.h"
#include "query/filter.h"
#include "query/geo/near.h"
#include "query/geo/shape.h"

namespace {

using namespace credvault;

void require(bool holds) {
    if (!holds) std::abort();
}

bool holds_one(const query::CellRanges& ranges, const std::vector<std::uint64_t>& cells) {
    return std::ranges::any_of(cells, [&](std::uint64_t cell) {
        return std::ranges::any_of(ranges,
                                   [&](const auto& each) { return each.first <= cell && cell <= each.last; });
    });
}

void check(const std::string& predicate, const std::string& value) {
    const std::string text = R"({"at":)" + predicate + "}";
    const auto filter = query::parse_filter(json::View(text));
    if (!filter.ok()) return;
    const std::string record = R"({"id":"r","at":)" + value + "}";
    const bool found = filter->matches(json::View(record));
    std::vector<std::uint64_t> cells;
    const query::Path path = *query::parse_path("at");
    const json::View first(value);
    query::each_point(&first, path.parts, [&cells](const query::GeoPoint& point) {
        cells.push_back(query::cell_of(point));
        return false;
    });
    if (!found) return;
    for (const query::FilterNode& node : filter->root().children) {
        if (node.shape) require(holds_one(query::cover(node.shape->bounds()), cells));
        if (!node.near) continue;
        query::CellRanges all;
        query::NearRings rings(node.near);
        while (const auto ring = rings.next()) all = query::joined(std::move(all), *ring);
        require(holds_one(all, cells));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t line = text.find('\n');
    if (line == std::string_view::npos) return 0;
    const auto predicate = json::canonicalize(text.substr(0, line));
    const auto value = json::canonicalize(text.substr(line + 1));
    if (predicate.ok() && value.ok()) check(*predicate, *value);
    return 0;
}
