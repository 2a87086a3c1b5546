// Conversions between the types of values: what $convert, $toInt and their like do. JSON's types and the names that
// MongoDB gives them; types that JSON lacks can be named, and nothing but null becomes one. Functions without state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "query/expression/item.h"

namespace credvault::query {

/// MongoDB's types by their codes.
enum class ConversionType : std::int8_t {
    Double = 1,
    String = 2,
    Object = 3,
    Array = 4,
    BinData = 5,
    ObjectId = 7,
    Bool = 8,
    Date = 9,
    Null = 10,
    Regex = 11,
    Int = 16,
    Timestamp = 17,
    Long = 18,
    Decimal = 19,
    Uuid = 126,   ///< Has no name and no code: $toUUID alone asks for it.
    Other = 127,  ///< A type that nothing is converted to.
};

/// By name ("int") or code. Nothing where there is no such type.
std::optional<ConversionType> conversion_type(std::string_view name);
std::optional<ConversionType> conversion_type(std::int64_t code);

struct Conversion {
    ConversionType to = ConversionType::String;
    int base = 10;          ///< Of whole numbers in text: 2, 8, 10 or 16.
    bool has_base = false;  ///< Whether one was asked for; then doubles with a fraction are refused.
};

/// The value as another type. Precondition: neither null nor missing. Fails with INVALID_EXPRESSION; the message says
/// why not, without the operator's name.
Result<Item> convert(const Item& value, const Conversion& conversion);

}  // namespace credvault::query
