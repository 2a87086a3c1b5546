// Going on with an ordered plan after a position.
#include <cassert>
#include <utility>

#include "query/key_bytes.h"
#include "query/planner.h"

namespace credvault::query {
namespace {

/// A position taken apart: the bytes of each sort key, in its own direction, and of the id.
struct PositionBytes {
    std::vector<std::string_view> keys;
    std::string_view id;
};

std::optional<PositionBytes> take_apart(std::string_view position, const Sort& sort) {
    PositionBytes bytes;
    for (const SortKey& key : sort) {
        const Result<std::size_t> length = key_length(position, key.descending);
        if (!length.ok()) return std::nullopt;
        bytes.keys.push_back(position.substr(0, *length));
        position.remove_prefix(*length);
    }
    bytes.id = position;
    return bytes;
}

void append_turned(std::string& out, std::string_view bytes, bool turn) {
    const std::size_t begin = out.size();
    out.append(bytes);
    if (turn) invert_key(out, begin);
}

/// The key that the record at the position has in the index.
std::string entry_key(const Plan& plan, const PositionBytes& position, const Sort& sort, const Sort& fields) {
    std::string key;
    for (std::size_t field = 0; field < plan.parts.size(); ++field) {
        const PositionPart& part = plan.parts[field];
        if (part.sort_key) {
            append_turned(key, position.keys[*part.sort_key], plan.reverse);
        } else {
            key.append(part.bytes);
        }
    }
    append_turned(key, position.id, id_descending(sort) != id_descending(fields));
    return key;
}

/// Leaves what the walk finds behind a key. No other key begins with it.
void leave_behind(std::vector<KeyRange>& ranges, const std::string& key, bool reverse) {
    std::vector<KeyRange> left;
    for (KeyRange& range : ranges) {
        if (reverse) {
            if (range.low >= key) continue;
            if (range.high.empty() || range.high > key) range.high = key;
        } else {
            if (!range.high.empty() && range.high <= key) continue;
            if (range.low <= key) range.low = key_after(key);
            if (!range.high.empty() && range.low >= range.high) continue;
        }
        left.push_back(std::move(range));
    }
    ranges = std::move(left);
}

}  // namespace

void continue_after(Plan& plan, std::string_view position, const QueryShape& query,
                    const std::vector<IndexShape>& indexes) {
    assert(plan.ordered);
    const std::optional<PositionBytes> bytes = take_apart(position, query.sort);
    std::string id;
    if (bytes) append_turned(id, bytes->id, id_descending(query.sort));
    const Result<std::string> decoded = decode_id_key(id, false);
    if (!bytes || !decoded.ok()) {
        plan.ranges.clear();
        plan.ids.clear();
    } else if (plan.access == Access::Index) {
        const Sort& fields = indexes[plan.index].keys.fields;
        leave_behind(plan.ranges, entry_key(plan, *bytes, query.sort, fields), plan.reverse);
    } else if (plan.access == Access::IdRange || plan.access == Access::Text) {
        leave_behind(plan.ranges, id, plan.reverse);
    } else if (plan.access == Access::Ids) {
        std::erase_if(plan.ids, [&](const std::string& each) {
            return plan.reverse ? each >= *decoded : each <= *decoded;
        });
    }
}

}  // namespace credvault::query
