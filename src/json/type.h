// The JSON types as the platform tells them apart, and their place in the order across types (API.md): null and
// missing, numbers, strings, objects, arrays, booleans.
#pragma once

#include <cstdint>

namespace credvault::json {

enum class Type : std::uint8_t { Null, Bool, Int, Double, String, Array, Object };

/// The rank of a type in the order across types; Int and Double share one.
constexpr int order_rank(Type type) {
    switch (type) {
        case Type::Null: return 0;
        case Type::Int:
        case Type::Double: return 1;
        case Type::String: return 2;
        case Type::Object: return 3;
        case Type::Array: return 4;
        case Type::Bool: return 5;
    }
    return 0;
}

constexpr bool is_number(Type type) { return type == Type::Int || type == Type::Double; }

}  // namespace credvault::json
