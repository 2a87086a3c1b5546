// Going on with an ordered plan after a position (planner.h).
#include <algorithm>
#include <utility>
#include <vector>

#include "query/planner.h"

namespace credvault::query {
namespace {

/// A position taken apart: the bytes of each sort key, in its own direction, and of the id.
struct Parts {
    std::vector<std::string_view> keys;
    std::string_view id;
};

Parts parts_of(std::string_view position, const Sort& sort) {
    Parts parts;
    for (const SortKey& key : sort) {
        const auto length = key_length(position, key.descending);
        if (!length.ok()) break;
        parts.keys.push_back(position.substr(0, *length));
        position.remove_prefix(*length);
    }
    parts.id = position;
    return parts;
}

std::string turned(std::string_view bytes, bool turn) {
    std::string out(bytes);
    if (turn) {
        for (char& c : out) c = static_cast<char>(~c);
    }
    return out;
}

/// Leaves what lies behind the boundary in the direction of the walk.
void narrow(std::vector<KeyRange>& ranges, const std::string& boundary, bool reverse) {
    std::vector<KeyRange> left;
    for (KeyRange& range : ranges) {
        if (reverse) {
            if (range.low >= boundary) continue;
            if (range.high.empty() || range.high > boundary) range.high = boundary;
        } else {
            if (!range.high.empty() && range.high <= boundary) continue;
            if (range.low <= boundary) range.low = boundary + '\0';
        }
        left.push_back(std::move(range));
    }
    ranges = std::move(left);
}

}  // namespace

void continue_after(Plan& plan, std::string_view position, const QueryShape& query,
                    const std::vector<IndexShape>& indexes) {
    if (!plan.ordered) return;
    const Parts parts = parts_of(position, query.sort);
    if (parts.keys.size() != query.sort.size()) return;
    if (plan.access == Access::Index) {
        std::string boundary = plan.prefix;
        for (const std::size_t key : plan.tail) boundary += turned(parts.keys[key], plan.reverse);
        boundary += turned(parts.id, id_descending(query.sort) != id_descending(indexes[plan.index].keys.fields));
        narrow(plan.ranges, boundary, plan.reverse);
        return;
    }
    const std::string id = turned(parts.id, id_descending(query.sort));
    // A sort that begins with id goes on by more keys in the position, but the walk's direction is the first key's.
    if (plan.access == Access::IdRange) {
        narrow(plan.ranges, id, plan.reverse);
    } else if (plan.access == Access::Ids) {
        const auto decoded = decode_id_key(id, false);
        if (!decoded.ok()) return;
        std::erase_if(plan.ids, [&](const std::string& each) {
            return plan.reverse ? each >= *decoded : each <= *decoded;
        });
    }
}

}  // namespace credvault::query
