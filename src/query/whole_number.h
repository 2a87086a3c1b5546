// Numbers that users give where an integer is meant: 3, and 3.0 as well. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "json/view.h"

namespace credvault::query {

/// What becomes of 3.5.
enum class Fractions : bool { Refused, Cut };

/// The integer that a value is; nothing for what is no number, no integer, or beyond 64 bits.
std::optional<std::int64_t> whole_number(const json::View& value, Fractions fractions = Fractions::Refused);

}  // namespace credvault::query
