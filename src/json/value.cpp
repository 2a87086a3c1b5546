#include "json/value.h"

#include <algorithm>

#include "json/writer.h"

namespace credvault::json {
namespace {

Value::Array array_of(const View& view) {
    Value::Array array;
    for (const View element : view.elements()) array.emplace_back(element);
    return array;
}

Value::Object object_of(const View& view) {
    Value::Object object;
    for (const Member& member : view.members()) {
        std::string name;
        append_decoded(name, member.name);
        object.emplace_back(std::move(name), Value(member.value));
    }
    return object;
}

void append_array(std::string& out, const Value::Array& array) {
    out.push_back('[');
    for (const Value& element : array) {
        if (&element != array.data()) out.push_back(',');
        element.append_text(out);
    }
    out.push_back(']');
}

void append_object(std::string& out, const Value::Object& object) {
    out.push_back('{');
    for (const auto& member : object) {
        if (&member != object.data()) out.push_back(',');
        append_string(out, member.first);
        out.push_back(':');
        member.second.append_text(out);
    }
    out.push_back('}');
}

}  // namespace

Value::Value(View view) {
    switch (view.type()) {
        case Type::Null: break;
        case Type::Bool: data_ = view.as_bool(); break;
        case Type::Int: data_ = view.as_int(); break;
        case Type::Double: data_ = view.as_double(); break;
        case Type::String: data_ = view.as_string(); break;
        case Type::Array: data_ = array_of(view); break;
        case Type::Object: data_ = object_of(view); break;
    }
}

double Value::as_double() const {
    return type() == Type::Int ? static_cast<double>(as_int()) : std::get<double>(data_);
}

const Value* Value::find(std::string_view name) const {
    const auto* object = std::get_if<Object>(&data_);
    if (object == nullptr) return nullptr;
    const auto found =
        std::ranges::find(*object, name, [](const auto& member) -> std::string_view { return member.first; });
    return found == object->end() ? nullptr : &found->second;
}

Value* Value::find(std::string_view name) { return const_cast<Value*>(std::as_const(*this).find(name)); }

Value& Value::set(std::string_view name, Value value) {
    if (Value* old = find(name)) {
        *old = std::move(value);
        return *old;
    }
    return as_object().emplace_back(std::string(name), std::move(value)).second;
}

bool Value::remove(std::string_view name) {
    return std::erase_if(as_object(), [name](const auto& member) { return member.first == name; }) > 0;
}

std::string Value::text() const {
    std::string out;
    append_text(out);
    return out;
}

void Value::append_text(std::string& out) const {
    switch (type()) {
        case Type::Null: out.append("null"); break;
        case Type::Bool: out.append(as_bool() ? "true" : "false"); break;
        case Type::Int: append_int(out, as_int()); break;
        case Type::Double: append_double(out, std::get<double>(data_)); break;
        case Type::String: append_string(out, as_string()); break;
        case Type::Array: append_array(out, as_array()); break;
        case Type::Object: append_object(out, as_object()); break;
    }
}

}  // namespace credvault::json
