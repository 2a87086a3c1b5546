#include "query/json_schema_check.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "json/order.h"
#include "json/writer.h"
#include "query/decimal_multiple.h"
#include "query/filter_match.h"
#include "query/filter_parser.h"
#include "query/json_schema_format.h"

namespace credvault::query {
namespace {

constexpr std::size_t max_listed = 10;

std::string counted(std::int64_t count, std::string_view what) {
    return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

/// Code points of a string.
std::int64_t length_of(const json::View& value, std::string& scratch) {
    const std::string_view text = value.decoded(scratch);
    return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

std::string listed(const json::Value::Array& values) {
    std::string text;
    for (std::size_t i = 0; i < values.size() && i < max_listed; ++i) {
        text += i == 0 ? "" : ", ";
        const std::string one = values[i].text();
        text += one.size() <= 64 ? one : "…";
    }
    return values.size() > max_listed ? text + ", …" : text;
}

std::string quoted(std::string_view escaped) { return "'" + shown_name(decoded_name(escaped)) + "'"; }

/// As a token of a JSON pointer.
std::string token_of(std::string_view escaped) {
    std::string token;
    for (const char c : decoded_name(escaped)) {
        if (c == '~')
            token += "~0";
        else if (c == '/')
            token += "~1";
        else
            token += c;
    }
    return token;
}

bool has_type(const json::View& value, std::uint32_t types) {
    if ((bson_type_bit(value) & types) != 0) return true;
    if ((types & integral_bit) == 0 || value.type() != json::Type::Double) return false;
    const double number = value.as_double();
    return std::floor(number) == number;
}

}  // namespace

bool SchemaCheck::spend(std::uint64_t work) {
    spent_ += work;
    if (work_ == 0 || spent_ <= work_) return true;
    if (!std::exchange(exhausted_, true)) {
        violations_.clear();
        violations_.push_back({"", "", "is too large for this schema: checking it takes too much work"});
    }
    return false;
}

bool SchemaCheck::fail(std::string_view keyword, std::string message) {
    if (goes_on()) violations_.push_back({pointer_, std::string(keyword), std::move(message)});
    return false;
}

bool SchemaCheck::holds_quietly(SchemaRef schema, const json::View& value) {
    ++quiet_;
    const bool held = holds(schema, value);
    --quiet_;
    return held;
}

bool SchemaCheck::holds_below(SchemaRef schema, std::string_view token, const json::View& value) {
    if (!goes_on()) return holds(schema, value);
    const std::size_t length = pointer_.size();
    pointer_.append("/").append(token);
    const bool held = holds(schema, value);
    pointer_.resize(length);
    return held;
}

bool SchemaCheck::holds(SchemaRef schema, const json::View& value) {
    const SchemaNode& node = nodes_[schema];
    if (!spend()) return false;
    if (node.never) return fail("false", "is not allowed here");
    bool held = type(node, value);
    if (!held && !goes_on()) return false;
    if (value.is_number()) {
        held &= number(node, value);
    } else if (value.is_string()) {
        held &= string(node, value);
    } else if (value.is_array()) {
        held &= array(node, value);
    } else if (value.is_object()) {
        held &= object(node, value);
    }
    if (!held && !goes_on()) return false;
    return combinations(node, value) && held;
}

bool SchemaCheck::type(const SchemaNode& node, const json::View& value) {
    if (node.types && !has_type(value, *node.types))
        return fail("type", "must be of the type " + node.type_names);
    if (!node.allowed) return true;
    const auto found =
        std::lower_bound(node.allowed->begin(), node.allowed->end(), value,
                         [](const json::Value& a, const json::View& b) { return json::compare(b, a) > 0; });
    if (found != node.allowed->end() && json::equal(value, *found)) return true;
    return fail("enum", "must be one of " + listed(*node.allowed));
}

bool SchemaCheck::number(const SchemaNode& node, const json::View& value) {
    bool held = true;
    const auto check = [&](const std::optional<json::Value>& bound, auto fits, std::string_view keyword,
                           std::string_view says) {
        if (bound && !fits(json::compare(value, *bound)))
            held = fail(keyword, "must be " + std::string(says) + " " + bound->text());
    };
    const auto at_least = [](auto order) { return order >= 0; };
    const auto at_most = [](auto order) { return order <= 0; };
    const auto more = [](auto order) { return order > 0; };
    const auto less = [](auto order) { return order < 0; };
    node.exclusive_minimum ? check(node.minimum, more, "minimum", "greater than")
                           : check(node.minimum, at_least, "minimum", "at least");
    node.exclusive_maximum ? check(node.maximum, less, "maximum", "less than")
                           : check(node.maximum, at_most, "maximum", "at most");
    check(node.above, more, "exclusiveMinimum", "greater than");
    check(node.below, less, "exclusiveMaximum", "less than");
    if (node.multiple_of && !is_multiple(value, *node.multiple_of))
        held = fail("multipleOf", "must be a multiple of " + node.multiple_of->text());
    return held;
}

bool SchemaCheck::string(const SchemaNode& node, const json::View& value) {
    bool held = true;
    std::string scratch;
    if (node.min_length || node.max_length) {
        const std::int64_t length = length_of(value, scratch);
        if (node.min_length && length < *node.min_length)
            held = fail("minLength", "must have at least " + counted(*node.min_length, "character"));
        if (node.max_length && length > *node.max_length)
            held = fail("maxLength", "must have at most " + counted(*node.max_length, "character"));
    }
    if (node.pattern && !node.pattern->matches(value.decoded(scratch)))
        held = fail("pattern", "must match the pattern " + node.pattern_text);
    if (!node.format.empty() && !has_format(value.decoded(scratch), node.format))
        held = fail("format", "must have the format " + node.format);
    return held;
}

bool SchemaCheck::array(const SchemaNode& node, const json::View& value) {
    std::int64_t size = -1;
    bool held = elements(node, value, size);
    if (!held && !goes_on()) return false;
    if (size < 0 && (node.min_items || node.max_items)) size = static_cast<std::int64_t>(value.size());
    if (node.min_items && size < *node.min_items)
        held = fail("minItems", "must have at least " + counted(*node.min_items, "element"));
    if (node.max_items && size > *node.max_items)
        held = fail("maxItems", "must have at most " + counted(*node.max_items, "element"));
    if (node.unique_items && !unique(value))
        held = fail("uniqueItems", "must not hold the same element twice");
    return held;
}

bool SchemaCheck::elements(const SchemaNode& node, const json::View& value, std::int64_t& size) {
    if (node.prefix_items.empty() && !node.items && !node.contains) return true;
    bool held = true;
    std::int64_t contained = 0;
    size = 0;
    for (const json::View element : value.elements()) {
        const auto place = static_cast<std::size_t>(size++);
        const std::optional<SchemaRef> schema =
            place < node.prefix_items.size() ? std::optional(node.prefix_items[place]) : node.items;
        if (schema && !holds_below(*schema, std::to_string(place), element)) {
            held = false;
            if (!goes_on()) return false;
        }
        if (node.contains && holds_quietly(*node.contains, element)) ++contained;
    }
    if (!node.contains) return held;
    if (contained < node.min_contains)
        held = fail("contains",
                    "must have at least " + counted(node.min_contains, "element") + " of a certain kind");
    if (node.max_contains && contained > *node.max_contains)
        held = fail("maxContains",
                    "must have at most " + counted(*node.max_contains, "element") + " of a certain kind");
    return held;
}

bool SchemaCheck::unique(const json::View& value) {
    std::vector<json::View> all;
    for (const json::View element : value.elements()) all.push_back(element);
    if (!spend(all.size() * static_cast<std::size_t>(std::bit_width(all.size())))) return false;
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return json::compare(a, b) < 0; });
    const auto same = [](const json::View& a, const json::View& b) { return json::equal(a, b); };
    return std::adjacent_find(all.begin(), all.end(), same) == all.end();
}

bool SchemaCheck::object(const SchemaNode& node, const json::View& value) {
    bool held = true;
    std::int64_t size = -1;
    if (node.looks_at_objects()) {
        size = 0;
        std::size_t required_seen = 0;
        for (const json::Member& one : value.members()) {
            ++size;
            if (member(node, one, required_seen)) continue;
            held = false;
            if (!goes_on()) return false;
        }
        if (required_seen < node.required && !names_required(node, value)) held = false;
    }
    if (size < 0 && (node.min_properties || node.max_properties))
        size = static_cast<std::int64_t>(value.size());
    if (node.min_properties && size < *node.min_properties)
        held = fail("minProperties", "must have at least " + counted(*node.min_properties, "field"));
    if (node.max_properties && size > *node.max_properties)
        held = fail("maxProperties", "must have at most " + counted(*node.max_properties, "field"));
    if (!held && !goes_on()) return false;
    return dependencies(node, value) && held;
}

bool SchemaCheck::member(const SchemaNode& node, const json::Member& member, std::size_t& required_seen) {
    if (!spend()) return false;
    bool held = true;
    bool known = false;
    const auto check = [&](SchemaRef schema) {
        known = true;
        held = holds_below(schema, goes_on() ? token_of(member.name) : std::string(), member.value) && held;
    };
    const auto property = node.properties.find(member.name);
    if (property != node.properties.end()) {
        required_seen += property->second.required ? 1 : 0;
        if (property->second.schema) check(*property->second.schema);
    }
    if (!node.pattern_properties.empty()) {
        const std::string name = decoded_name(member.name);
        for (const auto& [pattern, schema] : node.pattern_properties) {
            if (pattern->matches(name)) check(schema);
        }
    }
    if (node.additional_properties && !known) check(*node.additional_properties);
    if (node.property_names) {
        // The name stands between quotes, as a value would.
        const json::View name(std::string_view(member.name.data() - 1, member.name.size() + 2));
        if (!holds_quietly(*node.property_names, name))
            held = fail("propertyNames", "has a field " + quoted(member.name) + " whose name is not allowed");
    }
    return held;
}

/// Tells which are missing.
bool SchemaCheck::names_required(const SchemaNode& node, const json::View& value) {
    if (!goes_on()) return false;
    for (const auto& [name, property] : node.properties) {
        if (property.required && !value.find(name)) fail("required", "must have the field " + quoted(name));
        if (!goes_on()) break;
    }
    return false;
}

bool SchemaCheck::dependencies(const SchemaNode& node, const json::View& value) {
    bool held = true;
    for (const auto& [name, needed] : node.dependent_required) {
        if (!spend() || (!held && !goes_on())) return false;
        if (!value.find(name)) continue;
        for (const std::string& other : needed) {
            if (!spend()) return false;
            if (value.find(other)) continue;
            held = fail("dependentRequired",
                        "must have the field " + quoted(other) + ", since it has " + quoted(name));
        }
    }
    for (const auto& [name, schema] : node.dependent_schemas) {
        if (!held && !goes_on()) return false;
        if (value.find(name)) held = holds(schema, value) && held;
    }
    return held;
}

bool SchemaCheck::combinations(const SchemaNode& node, const json::View& value) {
    bool held = true;
    for (const SchemaRef schema : node.all_of) {
        held = holds(schema, value) && held;
        if (!held && !goes_on()) return false;
    }
    const auto quietly = [&](SchemaRef schema) { return holds_quietly(schema, value); };
    if (!node.any_of.empty() && std::ranges::none_of(node.any_of, quietly)) {
        held = fail("anyOf", "must fit at least one of " +
                                 counted(static_cast<std::int64_t>(node.any_of.size()), "alternative"));
    }
    if (!node.one_of.empty()) {
        const auto fitting = std::ranges::count_if(node.one_of, quietly);
        if (fitting != 1) {
            held = fail("oneOf", "must fit exactly one of " +
                                     counted(static_cast<std::int64_t>(node.one_of.size()), "alternative") +
                                     "; it fits " + std::to_string(fitting));
        }
    }
    if (node.none_of && quietly(*node.none_of)) held = fail("not", "must not be what the schema excludes");
    if (!held && !goes_on()) return false;
    if (!node.if_schema) return held;
    const std::optional<SchemaRef> chosen = quietly(*node.if_schema) ? node.then_schema : node.else_schema;
    return (!chosen || holds(*chosen, value)) && held;
}

}  // namespace credvault::query
