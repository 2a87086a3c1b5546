// The order and the equality of values, the one definition that filters, sorts and index keys follow. Across types:
// null, numbers, strings by code point, objects, arrays, booleans. Numbers compare by their exact value, integers and
// doubles alike. Objects are equal whatever the order of their members; their order compares the members sorted by
// name: name, then value, the shorter one first. Arrays compare element by element, the shorter one first.
// View and Value may be mixed. Thread-safe.
#pragma once

#include <compare>

#include "json/value.h"
#include "json/view.h"

namespace credvault::json {

std::strong_ordering compare(const View& a, const View& b);
std::strong_ordering compare(const Value& a, const Value& b);
std::strong_ordering compare(const View& a, const Value& b);
bool equal(const View& a, const View& b);
bool equal(const Value& a, const Value& b);
bool equal(const View& a, const Value& b);

/// Exact comparison of an integer with a finite double.
std::strong_ordering compare_numbers(std::int64_t a, double b);

}  // namespace credvault::json
