// An owned JSON value, for what is built or changed: patches, computed fields, defaults. Members keep their order.
// Records that are only read are Views over their text instead. A plain value type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "json/type.h"
#include "json/view.h"

namespace credvault::json {

class Value {
public:
    using Array = std::vector<Value>;
    using Object = std::vector<std::pair<std::string, Value>>;  ///< Names are decoded and unique.

    Value() = default;
    Value(std::nullptr_t) {}
    Value(bool value) : data_(value) {}
    Value(int value) : data_(std::int64_t{value}) {}
    Value(std::int64_t value) : data_(value) {}
    Value(double value) : data_(value) {}  ///< Precondition: finite.
    Value(const char* value) : data_(std::string(value)) {}
    Value(std::string_view value) : data_(std::string(value)) {}
    Value(std::string value) : data_(std::move(value)) {}
    Value(Array value) : data_(std::move(value)) {}
    Value(Object value) : data_(std::move(value)) {}
    explicit Value(View view);

    Type type() const { return types[data_.index()]; }
    bool is_null() const { return data_.index() == 0; }
    bool is_string() const { return type() == Type::String; }
    bool is_array() const { return type() == Type::Array; }
    bool is_object() const { return type() == Type::Object; }
    bool is_number() const { return json::is_number(type()); }

    /// Preconditions: the type fits. as_double() takes integers too.
    bool as_bool() const { return std::get<bool>(data_); }
    std::int64_t as_int() const { return std::get<std::int64_t>(data_); }
    double as_double() const;
    const std::string& as_string() const { return std::get<std::string>(data_); }
    const Array& as_array() const { return std::get<Array>(data_); }
    Array& as_array() { return std::get<Array>(data_); }
    const Object& as_object() const { return std::get<Object>(data_); }
    Object& as_object() { return std::get<Object>(data_); }

    /// An object's member, or null where there is none (or this is no object).
    const Value* find(std::string_view name) const;
    Value* find(std::string_view name);
    /// Sets a member, at its old place or at the end. Precondition: an object.
    Value& set(std::string_view name, Value value);
    /// Removes a member; false where there was none. Precondition: an object.
    bool remove(std::string_view name);

    /// The canonical text.
    std::string text() const;
    void append_text(std::string& out) const;

private:
    static constexpr Type types[] = {Type::Null,   Type::Bool,  Type::Int,   Type::Double,
                                     Type::String, Type::Array, Type::Object};
    std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> data_;
};

}  // namespace credvault::json
