// Intervals of encoded values (key.h), ascending: what a filter leaves of one path. Internal to the planner. Value
// types.
#pragma once

#include <string>
#include <vector>

#include "json/value.h"

namespace credvault::query {

/// The encodings with low <= key < high.
struct Interval {
    std::string low;
    std::string high;
    bool point = false;  ///< One value only, whose encoding is `low`.
};

/// Sorted and disjoint.
using Intervals = std::vector<Interval>;

Interval point_of(const json::Value& value);
/// All values of a type, or of the types that compare with it.
Interval type_interval(json::Type type);
/// All values, missing ones and empty arrays among them.
Interval everything();
/// The mark of an empty array and null, which stands for what is missing.
Interval nothing_there();

/// Sorts points and drops repetitions.
Intervals points_of(const std::vector<json::Value>& values);
Intervals intersection(const Intervals& a, const Intervals& b);
bool holds_null(const Intervals& intervals);
/// The same values as inverted bytes, in the order of these.
Intervals inverted(const Intervals& intervals);

}  // namespace credvault::query
