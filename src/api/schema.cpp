#include "api/schema.h"

#include <algorithm>

namespace credvault::api {
namespace {

constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

void size_bounds(json::Writer& out, std::string_view min_name, std::size_t min, std::string_view max_name,
                 std::size_t max) {
    if (min != 0) out.key(min_name).number(static_cast<std::int64_t>(min));
    if (max != unbounded) out.key(max_name).number(static_cast<std::int64_t>(max));
}

}  // namespace

void SchemaWriter::type(std::string_view name) { out_.key("type").string(name); }

void SchemaWriter::integer(const Rules& rules, std::int64_t least) {
    type("integer");
    out_.key("format").string("int64");
    const std::int64_t min = std::max(rules.min, least);
    if (min != std::numeric_limits<std::int64_t>::min()) out_.key("minimum").number(min);
    if (rules.max != std::numeric_limits<std::int64_t>::max()) out_.key("maximum").number(rules.max);
}

void SchemaWriter::string(const Rules& rules) {
    type("string");
    size_bounds(out_, "minLength", rules.min_length, "maxLength", rules.max_length);
    if (rules.format == nullptr) return;
    if (!rules.format->name.empty()) out_.key("format").string(rules.format->name);
    if (!rules.format->pattern.empty()) out_.key("pattern").string(rules.format->pattern);
}

void SchemaWriter::enumeration(const std::vector<std::string_view>& names) {
    type("string");
    out_.key("enum").begin_array();
    for (const std::string_view name : names) out_.string(name);
    out_.end_array();
}

void SchemaWriter::kind(JsonKind kind) {
    switch (kind) {
        case JsonKind::Any: return;
        case JsonKind::Object: return type("object");
        case JsonKind::Array:
            type("array");
            out_.key("items").begin_object().end_object();
            return;
        case JsonKind::ObjectOrArray:
            out_.key("type").begin_array().string("object").string("array").end_array();
            out_.key("items").begin_object().end_object();
    }
}

void SchemaWriter::array(Part element, const Rules& rules) {
    type("array");
    size_bounds(out_, "minItems", rules.min_items, "maxItems", rules.max_items);
    out_.key("items");
    whole(element, rules);
}

void SchemaWriter::any_of(const std::vector<Part>& parts, const Rules& rules) {
    out_.key("anyOf").begin_array();
    for (const Part part : parts) whole(part, rules);
    out_.end_array();
}

void SchemaWriter::object(const Shape& shape) {
    if (shape.name.empty()) return object_members(shape);
    named_.try_emplace(shape.name, Named{shape, responses_});
    out_.key("$ref").string("#/components/schemas/" + std::string(shape.name));
}

void SchemaWriter::object_members(const Shape& shape) {
    type("object");
    if (!shape.description.empty()) out_.key("description").string(shape.description);
    out_.key("properties").begin_object();
    for (const Field& member : *shape.fields) {
        out_.key(member.name);
        field(member);
    }
    out_.end_object();
    const auto is_required = [this](const Field& member) {
        return responses_ ? !member.type->optional : member.rules.required;
    };
    if (std::any_of(shape.fields->begin(), shape.fields->end(), is_required)) {
        out_.key("required").begin_array();
        for (const Field& member : *shape.fields) {
            if (is_required(member)) out_.string(member.name);
        }
        out_.end_array();
    }
    if (!responses_ && !shape.open) out_.key("additionalProperties").boolean(false);
}

void SchemaWriter::value(std::string_view name, std::string_view text, bool quoted) {
    if (text.empty()) return;
    out_.key(name);
    if (quoted) {
        out_.string(text);
    } else {
        out_.raw(text);
    }
}

void SchemaWriter::field(const Field& field) {
    out_.begin_object();
    field.type->schema(*this, field.rules);
    if (!field.rules.description.empty()) out_.key("description").string(field.rules.description);
    value("default", field.rules.default_value, field.type->quoted);
    if (!field.rules.example.empty()) {
        out_.key("examples").begin_array();
        if (field.type->quoted) {
            out_.string(field.rules.example);
        } else {
            out_.raw(field.rules.example);
        }
        out_.end_array();
    }
    out_.end_object();
}

void SchemaWriter::whole(Part part, const Rules& rules) {
    out_.begin_object();
    part(*this, rules);
    out_.end_object();
}

void SchemaWriter::components() {
    out_.begin_object();
    // Writing a component may meet another one; names are in order, so go on from the first unwritten until none is.
    std::map<std::string_view, bool> written;
    for (bool more = true; more;) {
        more = false;
        for (const auto& [name, known] : std::map(named_)) {
            if (written[name]) continue;
            written[name] = more = true;
            out_.key(name).begin_object();
            describe_responses(known.response);
            object_members(known.shape);
            out_.end_object();
        }
    }
    out_.end_object();
}

}  // namespace credvault::api
