#include "query/bounds.h"

#include <algorithm>
#include <utility>

#include "query/key.h"
#include "query/key_bytes.h"

namespace credvault::query {
namespace {

Interval between_tags(KeyTag first, KeyTag last) {
    return {std::string(1, static_cast<char>(first)), std::string(1, static_cast<char>(last + 1)), false};
}

/// Whether the interval holds one value, however it came about ($gte and $lte of the same number).
bool is_point(const Interval& interval) {
    if (interval.high != key_after(interval.low)) return false;
    const Result<std::size_t> length = key_length(interval.low, false);
    return length.ok() && *length == interval.low.size();
}

Interval inverted(const Interval& interval) {
    // low <= key < high is ~high < ~key <= ~low, and no key is a prefix of another: each bound moves behind all that
    // begins with it.
    std::string low = interval.high;
    std::string high = interval.low;
    invert_key(low);
    invert_key(high);
    return {key_after(low), key_after(high), interval.point};
}

}  // namespace

Interval point_of(const json::Value& value) {
    std::string key;
    append_key(key, value);
    std::string after = key_after(key);
    return {std::move(key), std::move(after), true};
}

Interval type_interval(json::Type type) {
    switch (type) {
        case json::Type::Null: return point_of(json::Value());
        case json::Type::Int:
        case json::Type::Double: return between_tags(tag_negative, tag_positive);
        case json::Type::String: return between_tags(tag_string, tag_string);
        case json::Type::Object: return between_tags(tag_object, tag_object);
        case json::Type::Array: return between_tags(tag_array, tag_array);
        case json::Type::Bool: break;
    }
    return between_tags(tag_false, tag_true);
}

Interval everything() { return between_tags(tag_empty_array, tag_beyond); }

Interval nothing_there() { return between_tags(tag_empty_array, tag_null); }

Intervals points_of(const std::vector<json::Value>& values) {
    Intervals points;
    points.reserve(values.size());
    for (const json::Value& value : values) points.push_back(point_of(value));
    std::ranges::sort(points, {}, &Interval::low);
    const auto [begin, end] = std::ranges::unique(points, {}, &Interval::low);
    points.erase(begin, end);
    return points;
}

Intervals intersection(const Intervals& a, const Intervals& b) {
    Intervals common;
    auto one = a.begin();
    auto two = b.begin();
    while (one != a.end() && two != b.end()) {
        Interval part{std::max(one->low, two->low), std::min(one->high, two->high), false};
        if (part.low < part.high) {
            part.point = is_point(part);
            common.push_back(std::move(part));
        }
        ++(one->high < two->high ? one : two);
    }
    return common;
}

bool holds_null(const Intervals& intervals) {
    const std::string null = point_of(json::Value()).low;
    return std::ranges::any_of(
        intervals, [&null](const Interval& each) { return each.low <= null && null < each.high; });
}

Intervals inverted(const Intervals& intervals) {
    Intervals result;
    result.reserve(intervals.size());
    for (auto each = intervals.rbegin(); each != intervals.rend(); ++each) result.push_back(inverted(*each));
    return result;
}

}  // namespace credvault::query
