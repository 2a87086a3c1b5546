#include "query/expression/text_argument.h"

#include <array>
#include <cstdio>
#include <cstring>
#include <limits>

#include "query/expression/arithmetic.h"

namespace credvault::query {
namespace {

std::string short_digits(double value) {
    std::array<char, 32> text{};
    const int length = std::snprintf(text.data(), text.size(), "%g", value);
    return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

std::size_t find_text(std::string_view text, std::string_view part, std::size_t from) {
    if (from > text.size()) return std::string_view::npos;
    const void* const found = ::memmem(text.data() + from, text.size() - from, part.data(), part.size());
    if (found == nullptr) return std::string_view::npos;
    return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

std::optional<std::int64_t> whole_64(const Item& item) {
    if (item.is_missing() || !item.is_number()) return {};
    return whole(item.number());
}

std::optional<std::int64_t> whole_32(const Item& item) {
    const auto value = whole_64(item);
    using Limits = std::numeric_limits<std::int32_t>;
    if (!value || *value < Limits::min() || *value > Limits::max()) return {};
    return value;
}

Result<std::string> lenient_text(const Call& call, std::string_view what, const Item& item) {
    if (item.is_nullish()) return std::string();
    switch (item.type()) {
        case json::Type::String: return item.string();
        case json::Type::Int: return std::to_string(item.as_int());
        case json::Type::Double: return short_digits(item.as_double());
        default: return call.wrong_type(std::string(what) + " must be a string, a number or null", item);
    }
}

}  // namespace credvault::query
