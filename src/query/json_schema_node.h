// The checked form of a JSON Schema: nodes in one array that name each other by their places, so that references may go
// in circles. Internal to query/.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "json/value.h"
#include "query/pattern.h"

namespace credvault::query {

using SchemaRef = std::uint32_t;

/// In SchemaNode::types, beside the bits of type_bit(): a number without a fraction, however it is written.
constexpr std::uint32_t integral_bit = 1U << 31;

struct SchemaProperty {
    std::optional<SchemaRef> schema;
    bool required = false;
};

struct SchemaNode {
    bool never = false;  ///< The schema `false`.

    std::optional<std::uint32_t> types;
    std::string type_names;                     ///< For messages.
    std::optional<json::Value::Array> allowed;  ///< enum, const.

    std::optional<json::Value> minimum, maximum, multiple_of;
    bool exclusive_minimum = false, exclusive_maximum = false;  ///< Of minimum, maximum.
    std::optional<json::Value> above, below;                    ///< Bounds that are themselves excluded.

    std::optional<std::int64_t> min_length, max_length;
    std::shared_ptr<const Pattern> pattern;
    std::string pattern_text;
    std::string format;

    std::optional<std::int64_t> min_items, max_items;
    std::vector<SchemaRef> prefix_items;
    std::optional<SchemaRef> items;  ///< Of those behind the prefix.
    std::optional<SchemaRef> contains;
    std::int64_t min_contains = 1;
    std::optional<std::int64_t> max_contains;
    bool unique_items = false;

    std::optional<std::int64_t> min_properties, max_properties;
    std::map<std::string, SchemaProperty, std::less<>> properties;  ///< By their escaped names.
    std::size_t required = 0;                                       ///< How many of them are.
    std::vector<std::pair<std::shared_ptr<const Pattern>, SchemaRef>> pattern_properties;
    std::optional<SchemaRef> additional_properties;
    std::optional<SchemaRef> property_names;
    std::vector<std::pair<std::string, std::vector<std::string>>> dependent_required;  ///< Escaped names.
    std::vector<std::pair<std::string, SchemaRef>> dependent_schemas;

    std::vector<SchemaRef> all_of;  ///< $ref is one of them.
    std::vector<SchemaRef> any_of, one_of;
    std::optional<SchemaRef> none_of, if_schema, then_schema, else_schema;

    bool looks_at_objects() const {
        return !properties.empty() || !pattern_properties.empty() || additional_properties || property_names;
    }
};

}  // namespace credvault::query
