// The keywords of JSON Schema, one function each (json_schema_parser.h).
#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "json/order.h"
#include "query/filter_parser.h"
#include "query/json_schema_parser.h"

namespace credvault::query {
namespace {

/// Types of the standard as BSON types, of which filters have the bits.
std::optional<std::uint32_t> standard_type(std::string_view name) {
    const std::uint32_t numbers = type_bit(1) | type_bit(16) | type_bit(18);
    if (name == "null") return type_bit(10);
    if (name == "boolean") return type_bit(8);
    if (name == "string") return type_bit(2);
    if (name == "object") return type_bit(3);
    if (name == "array") return type_bit(4);
    if (name == "number") return numbers;
    if (name == "integer") return type_bit(16) | type_bit(18) | integral_bit;
    return {};
}

void add_name(std::string& names, std::string_view name) {
    if (!names.empty()) names += " or ";
    names += name;
}

}  // namespace

Status SchemaParser::type(SchemaNode& node, const json::View& value) {
    std::uint32_t mask = 0;
    std::vector<std::string> given;
    const auto add = [&](const json::View& one) -> Status {
        if (!one.is_string()) return wrong("A type is a string, or an array of strings");
        const std::string name = one.as_string();
        const auto bits = standard_type(name);
        if (!bits || (is_filter() && name == "integer")) {
            return wrong("Unknown type '" + shown_name(name) + "'; there are null, boolean, number, " +
                         (is_filter() ? "" : "integer, ") + "string, object and array");
        }
        if (std::ranges::find(given, name) != given.end()) return wrong("A type is named twice");
        given.push_back(name);
        add_name(node.type_names, name);
        mask |= *bits;
        return {};
    };
    if (value.is_array()) {
        if (value.empty()) return wrong("At least one type must be named");
        for (const json::View element : value.elements()) TRY_VOID(add(element));
    } else {
        TRY_VOID(add(value));
    }
    node.types = mask;
    return {};
}

Status SchemaParser::bson_type(SchemaNode& node, const json::View& value) {
    std::vector<std::string> given;
    const auto add = [&](const json::View& one) -> Status {
        if (!one.is_string()) return wrong("A type is a string, or an array of strings");
        given.push_back(one.as_string());
        if (std::ranges::count(given, given.back()) > 1) return wrong("A type is named twice");
        add_name(node.type_names, given.back());
        Result<std::uint32_t> bits = type_argument(one);
        if (!bits.ok()) return wrong(bits.error().message);
        node.types = node.types.value_or(0) | *bits;
        return {};
    };
    if (!value.is_array()) return add(value);
    if (value.empty()) return wrong("At least one type must be named");
    for (const json::View element : value.elements()) TRY_VOID(add(element));
    return {};
}

Status SchemaParser::enumeration(SchemaNode& node, const json::View& value) {
    if (!value.is_array() || value.empty()) return wrong("This must be a non-empty array of values");
    json::Value::Array allowed;
    for (const json::View element : value.elements()) allowed.emplace_back(element);
    std::sort(allowed.begin(), allowed.end(),
              [](const auto& a, const auto& b) { return json::compare(a, b) < 0; });
    const auto same = [](const json::Value& a, const json::Value& b) { return json::equal(a, b); };
    const auto twice = std::adjacent_find(allowed.begin(), allowed.end(), same);
    if (is_filter() && twice != allowed.end()) return wrong("A value is listed twice");
    node.allowed = std::move(allowed);
    return {};
}

Status SchemaParser::constant(SchemaNode& node, const json::View& value) {
    SchemaNode alone;
    alone.allowed.emplace().emplace_back(value);
    node.all_of.push_back(static_cast<SchemaRef>(nodes_.size()));
    nodes_.push_back(std::move(alone));
    return {};
}

Status SchemaParser::minimum(SchemaNode& node, const json::View& value) {
    return number(node.minimum, value);
}
Status SchemaParser::maximum(SchemaNode& node, const json::View& value) {
    return number(node.maximum, value);
}

Status SchemaParser::exclusive_minimum(SchemaNode& node, const json::View& value) {
    return exclusive(node.above, node.exclusive_minimum, value);
}

Status SchemaParser::exclusive_maximum(SchemaNode& node, const json::View& value) {
    return exclusive(node.below, node.exclusive_maximum, value);
}

Status SchemaParser::multiple_of(SchemaNode& node, const json::View& value) {
    TRY_VOID(number(node.multiple_of, value));
    return value.as_double() > 0 ? Status() : Status(wrong("This must be a number above 0"));
}

Status SchemaParser::min_length(SchemaNode& node, const json::View& value) {
    return limit(node.min_length, value);
}
Status SchemaParser::max_length(SchemaNode& node, const json::View& value) {
    return limit(node.max_length, value);
}

Status SchemaParser::pattern(SchemaNode& node, const json::View& value) {
    if (!value.is_string()) return wrong("A pattern is a string");
    node.pattern_text = value.as_string();
    TRY(node.pattern, compiled(node.pattern_text));
    return {};
}

Status SchemaParser::format(SchemaNode& node, const json::View& value) {
    if (!value.is_string()) return wrong("A format is a string");
    node.format = value.as_string();
    return {};
}

Status SchemaParser::min_items(SchemaNode& node, const json::View& value) {
    return limit(node.min_items, value);
}
Status SchemaParser::max_items(SchemaNode& node, const json::View& value) {
    return limit(node.max_items, value);
}

Status SchemaParser::unique_items(SchemaNode& node, const json::View& value) {
    if (value.type() != json::Type::Bool) return wrong("This must be a boolean");
    node.unique_items = value.as_bool();
    return {};
}

Status SchemaParser::items(SchemaNode& node, const json::View& value) {
    if (!value.is_array()) {
        TRY(node.items, schema(value));
        return {};
    }
    for (const json::View element : value.elements()) {
        TRY(const SchemaRef one, named(std::to_string(node.prefix_items.size()), element));
        node.prefix_items.push_back(one);
    }
    return {};
}

Status SchemaParser::prefix_items(SchemaNode& node, const json::View& value) {
    TRY(node.prefix_items, schema_list(value));
    return {};
}

/// What it means depends on `items`: check_together.
Status SchemaParser::additional_items(SchemaNode&, const json::View& value) {
    if (value.type() == json::Type::Bool) return {};
    if (!value.is_object()) return wrong("This must be a boolean or a schema");
    TRY_VOID(schema(value));
    return {};
}

Status SchemaParser::contains(SchemaNode& node, const json::View& value) {
    TRY(node.contains, schema(value));
    return {};
}

Status SchemaParser::min_contains(SchemaNode& node, const json::View& value) {
    std::optional<std::int64_t> least;
    TRY_VOID(limit(least, value));
    node.min_contains = *least;
    return {};
}

Status SchemaParser::max_contains(SchemaNode& node, const json::View& value) {
    return limit(node.max_contains, value);
}

Status SchemaParser::min_properties(SchemaNode& node, const json::View& value) {
    return limit(node.min_properties, value);
}

Status SchemaParser::max_properties(SchemaNode& node, const json::View& value) {
    return limit(node.max_properties, value);
}

Status SchemaParser::required(SchemaNode& node, const json::View& value) {
    if (value.type() == json::Type::Bool && !is_filter()) {
        return wrong("'required' lists the names of fields: {\"required\": [\"name\"]}");
    }
    TRY(const std::vector<std::string> listed, names(value));
    for (const std::string& name : listed) {
        SchemaProperty& property = node.properties[name];
        node.required += property.required ? 0 : 1;
        property.required = true;
    }
    return {};
}

Status SchemaParser::properties(SchemaNode& node, const json::View& value) {
    if (!value.is_object()) return wrong("This must be an object that has a schema for each name");
    for (const json::Member& member : value.members()) {
        TRY(node.properties[std::string(member.name)].schema, named(decoded_name(member.name), member.value));
    }
    return {};
}

Status SchemaParser::pattern_properties(SchemaNode& node, const json::View& value) {
    if (!value.is_object()) return wrong("This must be an object that has a schema for each pattern");
    for (const json::Member& member : value.members()) {
        const std::string text = decoded_name(member.name);
        TRY(std::shared_ptr<const Pattern> pattern, compiled(text));
        TRY(const SchemaRef schema, named(text, member.value));
        node.pattern_properties.emplace_back(std::move(pattern), schema);
    }
    return {};
}

Status SchemaParser::additional_properties(SchemaNode& node, const json::View& value) {
    if (value.type() == json::Type::Bool) {
        if (!value.as_bool()) {
            TRY(node.additional_properties, never());
        }
        return {};
    }
    if (!value.is_object()) return wrong("This must be a boolean or a schema");
    TRY(node.additional_properties, schema(value));
    return {};
}

Status SchemaParser::property_names(SchemaNode& node, const json::View& value) {
    TRY(node.property_names, schema(value));
    return {};
}

Status SchemaParser::dependencies(SchemaNode& node, const json::View& value) {
    if (!value.is_object()) return wrong("This must be an object that has names or a schema for each name");
    for (const json::Member& member : value.members()) {
        if (member.value.is_array()) {
            TRY(std::vector<std::string> listed, names(member.value));
            node.dependent_required.emplace_back(member.name, std::move(listed));
        } else {
            TRY(const SchemaRef schema, named(decoded_name(member.name), member.value));
            node.dependent_schemas.emplace_back(member.name, schema);
        }
    }
    return {};
}

Status SchemaParser::dependent_required(SchemaNode& node, const json::View& value) {
    if (!value.is_object()) return wrong("This must be an object that has a list of names for each name");
    for (const json::Member& member : value.members()) {
        TRY(std::vector<std::string> listed, names(member.value));
        node.dependent_required.emplace_back(member.name, std::move(listed));
    }
    return {};
}

Status SchemaParser::dependent_schemas(SchemaNode& node, const json::View& value) {
    if (!value.is_object()) return wrong("This must be an object that has a schema for each name");
    for (const json::Member& member : value.members()) {
        TRY(const SchemaRef schema, named(decoded_name(member.name), member.value));
        node.dependent_schemas.emplace_back(member.name, schema);
    }
    return {};
}

Status SchemaParser::all_of(SchemaNode& node, const json::View& value) {
    TRY(const std::vector<SchemaRef> all, schema_list(value));
    node.all_of.insert(node.all_of.end(), all.begin(), all.end());
    return {};
}

Status SchemaParser::any_of(SchemaNode& node, const json::View& value) {
    TRY(node.any_of, schema_list(value));
    return {};
}

Status SchemaParser::one_of(SchemaNode& node, const json::View& value) {
    TRY(node.one_of, schema_list(value));
    return {};
}

Status SchemaParser::negation(SchemaNode& node, const json::View& value) {
    TRY(node.none_of, schema(value));
    return {};
}

Status SchemaParser::if_schema(SchemaNode& node, const json::View& value) {
    TRY(node.if_schema, schema(value));
    return {};
}

Status SchemaParser::then_schema(SchemaNode& node, const json::View& value) {
    TRY(node.then_schema, schema(value));
    return {};
}

Status SchemaParser::else_schema(SchemaNode& node, const json::View& value) {
    TRY(node.else_schema, schema(value));
    return {};
}

/// Only there to be referred to, but wrong ones are told.
Status SchemaParser::definitions(SchemaNode&, const json::View& value) {
    if (!value.is_object()) return wrong("This must be an object that has a schema for each name");
    for (const json::Member& member : value.members())
        TRY_VOID(named(decoded_name(member.name), member.value));
    return {};
}

Status SchemaParser::annotation_text(SchemaNode&, const json::View& value) {
    return value.is_string() ? Status() : Status(wrong("This must be a string"));
}

Status SchemaParser::annotation(SchemaNode&, const json::View&) { return {}; }

Status SchemaParser::dialect_name(SchemaNode&, const json::View& value) {
    if (!value.is_string()) return wrong("This must be a string");
    std::string name = value.as_string();
    if (name.ends_with('#')) name.pop_back();
    for (const std::string_view known :
         {"json-schema.org/draft-04/schema", "json-schema.org/draft-06/schema",
          "json-schema.org/draft-07/schema", "json-schema.org/draft/2019-09/schema",
          "json-schema.org/draft/2020-12/schema"}) {
        if (name == "https://" + std::string(known) || name == "http://" + std::string(known)) return {};
    }
    return wrong("Unknown dialect; there are the drafts 4, 6, 7, 2019-09 and 2020-12");
}

// What keywords take.

Error SchemaParser::wrong(std::string_view message) const {
    return Error(is_filter() ? ErrorCode::INVALID_FILTER : ErrorCode::INVALID_SCHEMA, std::string(message),
                 place_);
}

Status SchemaParser::limit(std::optional<std::int64_t>& to, const json::View& value) const {
    constexpr double beyond = 9007199254740992.0;  // 2^53
    const bool fits = value.is_number() && value.as_double() >= 0 && value.as_double() <= beyond * 1024 &&
                      (value.type() == json::Type::Int || value.as_double() == std::floor(value.as_double()));
    if (!fits) return wrong("This must be an integer of at least 0");
    to = value.type() == json::Type::Int ? value.as_int() : static_cast<std::int64_t>(value.as_double());
    return {};
}

Status SchemaParser::number(std::optional<json::Value>& to, const json::View& value) const {
    if (!value.is_number()) return wrong("This must be a number");
    to.emplace(value);
    return {};
}

/// Up to draft 4 (and in filters) a boolean that goes with the bound, later a bound of its own.
Status SchemaParser::exclusive(std::optional<json::Value>& bound, bool& exclusive,
                               const json::View& value) const {
    if (value.type() == json::Type::Bool) {
        exclusive = value.as_bool();
        return {};
    }
    if (is_filter()) return wrong("This must be a boolean");
    if (!value.is_number()) return wrong("This must be a number, or a boolean beside a bound");
    bound.emplace(value);
    return {};
}

/// Escaped names.
Result<std::vector<std::string>> SchemaParser::names(const json::View& value) const {
    if (!value.is_array()) return wrong("This must be an array of names");
    if (is_filter() && value.empty()) return wrong("This must be a non-empty array of names");
    std::vector<std::string> names;
    std::set<std::string_view> seen;
    for (const json::View element : value.elements()) {
        if (!element.is_string()) return wrong("Names are strings");
        if (!seen.insert(element.escaped()).second) return wrong("A name is listed twice");
        names.emplace_back(element.escaped());
    }
    return names;
}

Result<std::shared_ptr<const Pattern>> SchemaParser::compiled(std::string_view text) {
    if (++patterns_ > limits_.max_patterns)
        return wrong("A schema may have at most " + std::to_string(limits_.max_patterns) + " patterns");
    Result<std::shared_ptr<const Pattern>> pattern = Pattern::compile(text, "");
    if (!pattern.ok()) return wrong(pattern.error().message);
    pattern_program_ += (*pattern)->program_size();
    if (pattern_program_ > limits_.max_pattern_program)
        return wrong("The schema's patterns are too large together");
    return pattern;
}

}  // namespace credvault::query
