#include "api/scalars.h"

#include <charconv>
#include <cmath>

#include "json/canonical.h"

namespace credvault::api {
namespace {

constexpr std::size_t max_parameter_json_bytes = 64 * 1024;

/// "an integer", "an integer from 1 to 1000", "an integer of at least 1".
std::string integer_wanted(std::int64_t min, std::int64_t max) {
    const bool low = min != std::numeric_limits<std::int64_t>::min();
    const bool high = max != std::numeric_limits<std::int64_t>::max();
    if (low && high) return "an integer from " + std::to_string(min) + " to " + std::to_string(max);
    if (low) return "an integer of at least " + std::to_string(min);
    if (high) return "an integer of at most " + std::to_string(max);
    return "an integer";
}

std::optional<std::int64_t> within(std::optional<std::int64_t> value, const Spot& spot, std::int64_t least) {
    const std::int64_t min = std::max(spot.rules.min, least);
    if (value && *value >= min && *value <= spot.rules.max) return value;
    spot.must_be(integer_wanted(min, spot.rules.max));
    return std::nullopt;
}

/// "1 to 64 bytes long", with the unit in the right number.
std::string length_wanted(std::size_t min, std::size_t max, std::string_view unit) {
    if (max == std::numeric_limits<std::size_t>::max())
        return "at least " + std::to_string(min) + std::string(unit);
    if (min == 0) return "at most " + std::to_string(max) + std::string(unit);
    if (min == max) return "exactly " + std::to_string(max) + std::string(unit);
    return std::to_string(min) + " to " + std::to_string(max) + std::string(unit);
}

}  // namespace

bool Spot::must_be(std::string_view what) const {
    problems.add(ErrorCode::INVALID_PARAMETER, name,
                 "Parameter '" + std::string(name) + "' must be " + std::string(what));
    return false;
}

std::optional<std::int64_t> integer_from_text(std::string_view from, const Spot& spot, std::int64_t least) {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(from.data(), from.data() + from.size(), value);
    const bool whole = failure == std::errc() && end == from.data() + from.size();
    return within(whole ? std::optional(value) : std::nullopt, spot, least);
}

std::optional<std::int64_t> integer_from_json(json::View from, const Spot& spot, std::int64_t least) {
    const bool whole = from.is_number() && from.type() == json::Type::Int;
    return within(whole ? std::optional(from.as_int()) : std::nullopt, spot, least);
}

bool boolean_from_text(bool& to, std::string_view from, const Spot& spot) {
    to = from == "true";
    return to || from == "false" || spot.must_be("true or false");
}

bool boolean_from_json(bool& to, json::View from, const Spot& spot) {
    if (from.type() != json::Type::Bool) return spot.must_be("true or false");
    to = from.as_bool();
    return true;
}

bool number_from_text(double& to, std::string_view from, const Spot& spot) {
    const auto [end, failure] = std::from_chars(from.data(), from.data() + from.size(), to);
    const bool whole = failure == std::errc() && end == from.data() + from.size() && std::isfinite(to);
    return whole || spot.must_be("a number");
}

bool number_from_json(double& to, json::View from, const Spot& spot) {
    if (!from.is_number()) return spot.must_be("a number");
    to = from.as_double();
    return true;
}

bool string_from_json(std::string_view& to, json::View from, const Spot& spot) {
    if (!from.is_string()) return spot.must_be("a string");
    if (from.text().find('\\') == std::string_view::npos) {
        to = from.escaped();
    } else {
        to = spot.scratch.keep(from.as_string());
    }
    return true;
}

bool check_string(std::string_view text, const Spot& spot) {
    const Rules& rules = spot.rules;
    if (text.size() < rules.min_length || text.size() > rules.max_length) {
        return spot.must_be(length_wanted(rules.min_length, rules.max_length, " bytes long"));
    }
    return rules.format == nullptr || rules.format->check(text) || spot.must_be(rules.format->says);
}

bool json_from_text(json::View& to, std::string_view from, const Spot& spot) {
    Result<std::string> canonical = json::canonicalize(from, {.max_bytes = max_parameter_json_bytes});
    if (!canonical.ok()) return spot.must_be("valid JSON: " + canonical.error().message);
    to = json::View(spot.scratch.keep(std::move(canonical).value()));
    return true;
}

bool check_kind(json::View value, const Spot& spot) {
    switch (spot.rules.json) {
        case JsonKind::Any: return true;
        case JsonKind::Object: return value.is_object() || spot.must_be("a JSON object");
        case JsonKind::Array: return value.is_array() || spot.must_be("a JSON array");
        case JsonKind::ObjectOrArray:
            return value.is_object() || value.is_array() || spot.must_be("a JSON object or array");
    }
    return true;
}

bool check_items(std::size_t items, const Spot& spot) {
    const Rules& rules = spot.rules;
    if (items >= rules.min_items && items <= rules.max_items) return true;
    return spot.must_be("an array of " + length_wanted(rules.min_items, rules.max_items, " elements"));
}

std::vector<std::string_view> split_list(std::string_view text) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        parts.push_back(text.substr(0, comma));
        if (comma == text.size()) break;
        text.remove_prefix(comma + 1);
        if (text.empty()) parts.emplace_back();
    }
    return parts;
}

std::string joined(const std::vector<std::string_view>& names) {
    std::string out;
    for (const std::string_view name : names) {
        if (!out.empty()) out.append(", ");
        out.append(name);
    }
    return out;
}

}  // namespace credvault::api
