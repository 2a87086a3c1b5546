#include "query/expression/conversion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "base/clock.h"
#include "query/date/calendar.h"
#include "query/date/date_format.h"
#include "query/expression/arithmetic.h"
#include "query/expression/date_argument.h"
#include "query/expression/number_text.h"
#include "query/expression/text_argument.h"

namespace credvault::query {
namespace {

using Type = ConversionType;

struct NamedType {
    std::string_view name;
    std::int8_t code;
    Type type;
};

constexpr NamedType types[] = {
    {"missing", 0, Type::Other},    {"double", 1, Type::Double},
    {"string", 2, Type::String},    {"object", 3, Type::Object},
    {"array", 4, Type::Array},      {"binData", 5, Type::BinData},
    {"undefined", 6, Type::Other},  {"objectId", 7, Type::ObjectId},
    {"bool", 8, Type::Bool},        {"date", 9, Type::Date},
    {"null", 10, Type::Null},       {"regex", 11, Type::Regex},
    {"dbPointer", 12, Type::Other}, {"javascript", 13, Type::Other},
    {"symbol", 14, Type::Other},    {"javascriptWithScope", 15, Type::Other},
    {"int", 16, Type::Int},         {"timestamp", 17, Type::Timestamp},
    {"long", 18, Type::Long},       {"decimal", 19, Type::Decimal},
    {"minKey", -1, Type::Other},    {"maxKey", 127, Type::Other},
};

Error failure(std::string message) { return Error(ErrorCode::INVALID_EXPRESSION, std::move(message)); }

Error no_conversion(const Item& value, std::string_view to) {
    return failure("there is no conversion from " + std::string(type_name(value)) + " to " + std::string(to));
}

Result<Item> whole_of_text(const Item& value, const Conversion& conversion, std::string_view to) {
    const auto found = read_whole(*TextArgument(value), conversion.base);
    if (found) return Item(*found);
    return failure("the string is no whole number of base " + std::to_string(conversion.base) +
                   " within the range of " + std::string(to));
}

Result<Item> to_long(const Item& value, const Conversion& conversion) {
    switch (value.type()) {
        case json::Type::Bool: return Item(value.as_bool() ? 1 : 0);
        case json::Type::Int: return value;
        case json::Type::Double: {
            const auto cut = whole(real(std::trunc(value.as_double())));
            if (!cut) return failure("the number lies outside the range of long");
            return Item(*cut);
        }
        case json::Type::String:
            if (const auto ms = timestamp_of(value)) return Item(*ms);
            return whole_of_text(value, conversion, "long");
        default: return no_conversion(value, "long");
    }
}

Result<Item> to_int(const Item& value, const Conversion& conversion) {
    if (value.is_array() || value.is_object()) return no_conversion(value, "int");
    if (value.is_string() && timestamp_of(value))
        return failure("there is no conversion from a date to int; use $toLong");
    TRY(Item found, to_long(value, conversion));
    using Limits = std::numeric_limits<std::int32_t>;
    if (found.as_int() < Limits::min() || found.as_int() > Limits::max()) {
        return failure("the number lies outside the range of int, 32 bits");
    }
    return found;
}

Result<Item> real_of_text(const Item& value, const Conversion& conversion) {
    if (const auto ms = timestamp_of(value)) return Item(static_cast<double>(*ms));
    if (conversion.has_base && conversion.base != 10) {
        TRY(const Item found, whole_of_text(value, conversion, "double"));
        return Item(found.as_double());
    }
    const auto found = read_real(*TextArgument(value));
    if (!found) return failure("the string is no finite number, such as \"-1.5\" or \"1e10\"");
    return Item(*found);
}

Result<Item> to_double(const Item& value, const Conversion& conversion) {
    switch (value.type()) {
        case json::Type::Bool: return Item(value.as_bool() ? 1.0 : 0.0);
        case json::Type::Int:
        case json::Type::Double: return Item(value.as_double());
        case json::Type::String: return real_of_text(value, conversion);
        default: return no_conversion(value, "double");
    }
}

/// Decimals are the number that comes nearest: an integer where it is one, else a double.
Result<Item> to_decimal(const Item& value, const Conversion& conversion) {
    switch (value.type()) {
        case json::Type::Bool: return Item(value.as_bool() ? 1 : 0);
        case json::Type::Int:
        case json::Type::Double: return value;
        case json::Type::String:
            if (const auto ms = timestamp_of(value)) return Item(*ms);
            if (const auto found = read_whole(*TextArgument(value), conversion.base)) return Item(*found);
            if (TextArgument(value)->find_first_of("xX") != std::string_view::npos) {
                return failure("the string is no decimal number");
            }
            return real_of_text(value, conversion);
        default: return no_conversion(value, "decimal");
    }
}

Result<Item> to_string(const Item& value, const Conversion& conversion) {
    switch (value.type()) {
        case json::Type::Bool: return Item(std::string(value.as_bool() ? "true" : "false"));
        case json::Type::Int: return Item(write_whole(value.as_int(), conversion.base));
        case json::Type::Double: {
            if (!conversion.has_base || conversion.base == 10) return Item(write_real(value.as_double()));
            const auto number = whole(real(value.as_double()));
            if (!number) return failure("a number with a fraction can be written in base 10 only");
            return Item(write_whole(*number, conversion.base));
        }
        case json::Type::String: return value;
        default: return no_conversion(value, "string");
    }
}

Result<Item> to_date(const Item& value) {
    std::optional<std::int64_t> ms;
    switch (value.type()) {
        case json::Type::Int:
            if (whole_32(value)) return no_conversion(value, "date: give milliseconds as a long or a double");
            ms = value.as_int();
            break;
        case json::Type::Double: ms = whole(real(std::trunc(value.as_double()))); break;
        case json::Type::String: {
            DateFault fault;
            const auto read = read_date(*TextArgument(value), fault);
            if (!read) return failure("the string is no date: " + fault.message);
            ms = read->zone.value_or(TimeZone()).to_utc(read->local_ms);
            break;
        }
        default: return no_conversion(value, "date");
    }
    if (!ms || !is_date_ms(*ms)) return failure("the date lies outside the years 0000 to 9999");
    return Item(format_time(*ms));
}

constexpr std::string_view hexadecimal_digits = "0123456789abcdefABCDEF";
char lower_digit(char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; }

/// An ObjectId is the string of its 24 digits.
Result<Item> to_object_id(const Item& value) {
    if (!value.is_string()) return no_conversion(value, "objectId");
    std::string text = value.string();
    constexpr std::size_t digits = 24;
    if (text.size() != digits || text.find_first_not_of(hexadecimal_digits) != std::string::npos) {
        return failure("an ObjectId is a string of 24 hexadecimal digits");
    }
    std::ranges::transform(text, text.begin(), lower_digit);
    return Item(std::move(text));
}

/// A UUID is the string of its digits in five groups.
Result<Item> to_uuid(const Item& value) {
    if (!value.is_string()) return no_conversion(value, "a UUID");
    std::string text = value.string();
    constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    const auto fits = [](char c, char wanted) {
        return wanted == '-' ? c == '-' : hexadecimal_digits.find(c) != std::string_view::npos;
    };
    if (!std::ranges::equal(text, form, fits)) {
        return failure("a UUID is a string such as \"12345678-9abc-4def-8123-456789abcdef\"");
    }
    std::ranges::transform(text, text.begin(), lower_digit);
    return Item(std::move(text));
}

Result<Item> to_bool(const Item& value) {
    if (value.is_bool()) return value;
    return Item(!value.is_number() || value.as_double() != 0);
}

}  // namespace

std::optional<ConversionType> conversion_type(std::string_view name) {
    const auto* const found = std::ranges::find(types, name, &NamedType::name);
    if (found == std::end(types)) return {};
    return found->type;
}

std::optional<ConversionType> conversion_type(std::int64_t code) {
    const auto* const found = std::ranges::find(types, code, &NamedType::code);
    if (found == std::end(types)) return {};
    return found->type;
}

Result<Item> convert(const Item& value, const Conversion& conversion) {
    switch (conversion.to) {
        case Type::Double: return to_double(value, conversion);
        case Type::String: return to_string(value, conversion);
        case Type::ObjectId: return to_object_id(value);
        case Type::Uuid: return to_uuid(value);
        case Type::Bool: return to_bool(value);
        case Type::Date: return to_date(value);
        case Type::Int: return to_int(value, conversion);
        case Type::Long: return to_long(value, conversion);
        case Type::Decimal: return to_decimal(value, conversion);
        default:
            return no_conversion(value,
                                 "that type; use bool, date, decimal, double, int, long, objectId or string");
    }
}

}  // namespace credvault::query
