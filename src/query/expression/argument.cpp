#include "query/expression/argument.h"

#include <limits>
#include <optional>
#include <string>

#include "query/expression/arithmetic.h"

namespace credvault::query {

Result<std::int64_t> need_int64(const Call& call, const Item& item, std::string_view what) {
    if (!item.is_number()) return call.wrong_type(std::string(what) + " must be an integer", item);
    const std::optional<std::int64_t> integer = whole(item.number());
    if (integer) return *integer;
    return call.wrong(std::string(what) + " must be an integer of 64 bits, not " + item.text());
}

Result<std::int32_t> need_int32(const Call& call, const Item& item, std::string_view what) {
    using Limits = std::numeric_limits<std::int32_t>;
    if (!item.is_number()) return call.wrong_type(std::string(what) + " must be an integer", item);
    const std::optional<std::int64_t> integer = whole(item.number());
    if (integer && *integer >= Limits::min() && *integer <= Limits::max())
        return static_cast<std::int32_t>(*integer);
    return call.wrong(std::string(what) + " must be an integer of 32 bits, not " + item.text());
}

Status need_array(const Call& call, const Item& item, std::string_view what) {
    if (item.is_array()) return {};
    return call.wrong_type(std::string(what) + " must be an array", item);
}

Status need_object(const Call& call, const Item& item, std::string_view what) {
    if (item.is_object()) return {};
    return call.wrong_type(std::string(what) + " must be an object", item);
}

Status need_number(const Call& call, const Item& item, std::string_view what) {
    if (item.is_number()) return {};
    return call.wrong_type(std::string(what) + " must be a number", item);
}

}  // namespace credvault::query
