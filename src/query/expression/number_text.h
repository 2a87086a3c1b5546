// Numbers as text: read strictly, as conversions need it, and written without what JSON adds. Functions without state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "query/operand.h"

namespace credvault::query {

/// A whole number: a sign and digits, nothing else. Base 2, 8, 10 or 16; digits of base 16 may follow "0x". Nothing
/// where it is none, or does not fit into 64 bits.
std::optional<std::int64_t> read_whole(std::string_view text, int base);
/// A finite double: "-1.5", ".5", "1e10", "0x1.8p3". Nothing where it is none or has no finite value.
std::optional<double> read_real(std::string_view text);
/// An integer in another base, with a minus sign where it is negative; without a prefix. Base 2, 8, 10 or 16.
std::string write_whole(std::int64_t value, int base);
/// The shortest text that reads back as this double; "1" for 1.0, "1e+16".
std::string write_real(double value);

}  // namespace credvault::query
