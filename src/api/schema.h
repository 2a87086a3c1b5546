// JSON Schema (draft 2020-12, as OpenAPI 3.1 has it) from declarations. Structs with a `schema_name` become
// components that others refer to, so one struct should not serve requests and responses under a name. One writer,
// one document, one thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/field.h"
#include "api/type.h"

namespace credvault::api {

/// A struct as the schema writer sees it.
struct Shape {
    std::string_view name;         ///< Of the component; empty: written where it is used.
    std::string_view description;  ///< Of the component.
    const Fields* fields;
    bool open;  ///< Other members than the fields may be there.
};

/// T may have `static constexpr std::string_view schema_name`, `schema_description` and `static constexpr bool open`.
template <class T>
Shape shape_of() {
    Shape shape{{}, {}, &fields_of<T>(), false};
    if constexpr (requires { T::schema_name; }) shape.name = T::schema_name;
    if constexpr (requires { T::schema_description; }) shape.description = T::schema_description;
    if constexpr (requires { T::open; }) shape.open = T::open;
    return shape;
}

class SchemaWriter {
public:
    using Part = void (*)(SchemaWriter&, const Rules&);

    explicit SchemaWriter(std::string& out) : out_(out) {}

    json::Writer& out() { return out_; }
    /// What follows describes requests (only required fields must be there, unknown ones must not) or responses (all
    /// but optional fields are there, and others may be added within v1).
    void describe_responses(bool responses) { responses_ = responses; }

    // Members of a schema object that is open.
    void type(std::string_view name);
    void integer(const Rules& rules, std::int64_t least);
    void string(const Rules& rules);
    void enumeration(const std::vector<std::string_view>& names);
    void kind(JsonKind kind);
    void array(Part element, const Rules& rules);
    void any_of(const std::vector<Part>& parts, const Rules& rules);
    void object(const Shape& shape);

    /// A whole schema object for a field, with description, example and default.
    void field(const Field& field);
    /// A whole schema object for a type.
    void whole(Part part, const Rules& rules = {});
    /// The components met so far, as one object. Call last.
    void components();

private:
    void object_members(const Shape& shape);
    void value(std::string_view name, std::string_view text, bool quoted);

    json::Writer out_;
    bool responses_ = false;
    struct Named {
        Shape shape;
        bool response;
    };
    std::map<std::string_view, Named> named_;
};

}  // namespace credvault::api
