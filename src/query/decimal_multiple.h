// Whether a number is a multiple of another as they are written: 0.3 is one of 0.1, though no binary fraction is.
// Doubles count with 15 significant digits, as MongoDB takes them. Pure.
#pragma once

#include "json/value.h"
#include "json/view.h"

namespace credvault::query {

/// Preconditions: both are numbers, the divisor is above 0.
bool is_multiple(const json::View& value, const json::Value& divisor);

}  // namespace credvault::query
