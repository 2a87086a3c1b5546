#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "query/filter_parser.h"
#include "query/whole_number.h"

namespace credvault::query {
namespace {

Error wrong(std::string message) { return Error(ErrorCode::INVALID_FILTER, std::move(message)); }

struct TypeName {
    std::string_view name;
    int code;
};

constexpr TypeName type_names[] = {
    {"double", 1},    {"string", 2},     {"object", 3},      {"array", 4},    {"binData", 5},
    {"undefined", 6}, {"objectId", 7},   {"bool", 8},        {"date", 9},     {"null", 10},
    {"regex", 11},    {"dbPointer", 12}, {"javascript", 13}, {"symbol", 14},  {"javascriptWithScope", 15},
    {"int", 16},      {"timestamp", 17}, {"long", 18},       {"decimal", 19}, {"minKey", -1},
    {"maxKey", 127},
};

Result<std::uint32_t> one_type(const json::View& value) {
    if (value.is_string()) {
        const std::string name = value.as_string();
        if (name == "number") return type_bit(1) | type_bit(16) | type_bit(18) | type_bit(19);
        const auto* found = std::ranges::find(type_names, name, &TypeName::name);
        if (found != std::end(type_names)) return type_bit(found->code);
        return wrong("Unknown type '" + shown_name(name) +
                     "'; known are null, bool, int, long, double, number, string, object and array");
    }
    const std::optional<std::int64_t> code = whole_number(value);
    const auto has_code = [&code](const TypeName& type) { return type.code == code; };
    if (code && std::ranges::any_of(type_names, has_code)) return type_bit(static_cast<int>(*code));
    return wrong("A type must be a name such as \"string\" or one of BSON's type numbers, for instance 2");
}

Result<int> bit_position(const json::View& value) {
    const std::optional<std::int64_t> position = whole_number(value);
    if (!position || *position < 0 || *position > std::numeric_limits<std::int32_t>::max()) {
        return wrong("A bit position must be an integer from 0 to 2147483647");
    }
    return static_cast<int>(std::min<std::int64_t>(*position, 63));
}

json::Value positions_of(std::uint64_t mask) {
    json::Value::Array positions;
    for (int bit = 0; bit < 64; ++bit) {
        if (mask >> bit & 1) positions.emplace_back(bit);
    }
    return json::Value(std::move(positions));
}

}  // namespace

bool is_operator_document(const json::View& value) {
    return value.is_object() && !value.empty() && value.members().begin()->name.starts_with('$');
}

bool is_truthy(const json::View& value) {
    if (value.is_null()) return false;
    if (value.is_number()) return value.as_double() != 0;
    return value.text() != "false";
}

Result<std::uint32_t> type_argument(const json::View& value) {
    if (!value.is_array()) return one_type(value);
    if (value.empty()) return wrong("$type needs at least one type");
    std::uint32_t mask = 0;
    for (const json::View element : value.elements()) {
        TRY(const std::uint32_t bit, one_type(element));
        mask |= bit;
    }
    return mask;
}

Result<std::int64_t> size_argument(const json::View& value) {
    const std::optional<std::int64_t> size = whole_number(value);
    if (!size || *size < 0 || *size > std::numeric_limits<std::int32_t>::max()) {
        return wrong("$size needs an integer from 0 to 2147483647");
    }
    return *size;
}

Result<json::Value> bits_argument(const json::View& value) {
    if (value.is_number()) {
        const std::optional<std::int64_t> mask = whole_number(value);
        if (!mask || *mask < 0) return wrong("A bit mask must be an integer from 0 to 9223372036854775807");
        return positions_of(static_cast<std::uint64_t>(*mask));
    }
    if (!value.is_array()) {
        return wrong("The operator needs a bit mask (an integer) or an array of bit positions");
    }
    std::uint64_t mask = 0;
    for (const json::View element : value.elements()) {
        TRY(const int position, bit_position(element));
        mask |= std::uint64_t{1} << position;
    }
    return positions_of(mask);
}

Result<ModArgument> mod_argument(const json::View& value) {
    if (!value.is_array() || value.size() != 2) return wrong("$mod needs [divisor, remainder]");
    auto element = value.elements().begin();
    const std::optional<std::int64_t> divisor = whole_number(*element, Fractions::Cut);
    const std::optional<std::int64_t> remainder = whole_number(*++element, Fractions::Cut);
    if (!divisor || !remainder) return wrong("The divisor and the remainder of $mod must be 64-bit integers");
    if (*divisor == 0) return wrong("The divisor of $mod must not be 0");
    return ModArgument{*divisor, *remainder};
}

}  // namespace credvault::query
