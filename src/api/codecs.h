// Codec<T>: how each C++ type is read, written and described. Scalars, strings, enumerations (EnumNames), arrays,
// optionals, JSON as it is (json::View, Raw<Shape>) and structs with fields(). Other types get a Codec of their own
// beside their definition. Stateless.
#pragma once

#include <array>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "api/field.h"
#include "api/object.h"
#include "api/scalars.h"
#include "api/schema.h"

namespace credvault::api {

template <class T>
struct Codec;

/// Specialise with `static constexpr auto names = std::to_array<std::pair<std::string_view, E>>({{"none", E::None}});`
template <class E>
struct EnumNames;

/// Canonical JSON text that is passed on as it is; Shape (any type with a Codec) describes it.
template <class Shape>
struct Raw {
    std::string text;
};

/// Shapes for Raw where no struct says it.
struct AnyJson {};
struct AnyObject {};
template <class... Shapes>
struct AnyOf {};

template <std::integral T>
    requires(!std::same_as<T, bool>)
struct Codec<T> {
    static constexpr bool quoted = false;
    static constexpr std::int64_t least =
        std::is_unsigned_v<T> ? 0 : std::numeric_limits<std::int64_t>::min();
    static bool text(T& to, std::string_view from, const Spot& spot) {
        return take(to, integer_from_text(from, spot, least));
    }
    static bool json(T& to, json::View from, const Spot& spot) {
        return take(to, integer_from_json(from, spot, least));
    }
    static void append(json::Writer& out, T value) { out.number(static_cast<std::int64_t>(value)); }
    static void schema(SchemaWriter& out, const Rules& rules) { out.integer(rules, least); }

private:
    static bool take(T& to, std::optional<std::int64_t> value) {
        if (value) to = static_cast<T>(*value);
        return value.has_value();
    }
};

template <>
struct Codec<bool> {
    static constexpr bool quoted = false;
    static bool text(bool& to, std::string_view from, const Spot& spot) {
        return boolean_from_text(to, from, spot);
    }
    static bool json(bool& to, json::View from, const Spot& spot) {
        return boolean_from_json(to, from, spot);
    }
    static void append(json::Writer& out, bool value) { out.boolean(value); }
    static void schema(SchemaWriter& out, const Rules&) { out.type("boolean"); }
};

template <>
struct Codec<double> {
    static constexpr bool quoted = false;
    static bool text(double& to, std::string_view from, const Spot& spot) {
        return number_from_text(to, from, spot);
    }
    static bool json(double& to, json::View from, const Spot& spot) {
        return number_from_json(to, from, spot);
    }
    static void append(json::Writer& out, double value) { out.number(value); }
    static void schema(SchemaWriter& out, const Rules&) { out.type("number"); }
};

template <>
struct Codec<std::string_view> {
    static constexpr bool quoted = true;
    static bool text(std::string_view& to, std::string_view from, const Spot& spot) {
        to = from;
        return check_string(from, spot);
    }
    static bool json(std::string_view& to, json::View from, const Spot& spot) {
        return string_from_json(to, from, spot) && check_string(to, spot);
    }
    static void append(json::Writer& out, std::string_view value) { out.string(value); }
    static void schema(SchemaWriter& out, const Rules& rules) { out.string(rules); }
};

template <>
struct Codec<std::string> : Codec<std::string_view> {
    static bool text(std::string& to, std::string_view from, const Spot& spot) {
        to = from;
        return check_string(from, spot);
    }
    static bool json(std::string& to, json::View from, const Spot& spot) {
        std::string_view text;
        if (!Codec<std::string_view>::json(text, from, spot)) return false;
        to = text;
        return true;
    }
};

template <class E>
    requires std::is_enum_v<E>
struct Codec<E> {
    static constexpr bool quoted = true;
    static bool text(E& to, std::string_view from, const Spot& spot) {
        for (const auto& [name, value] : EnumNames<E>::names) {
            if (name != from) continue;
            to = value;
            return true;
        }
        return spot.must_be("one of " + joined(names()));
    }
    static bool json(E& to, json::View from, const Spot& spot) {
        std::string_view text_value;
        return string_from_json(text_value, from, spot) && text(to, text_value, spot);
    }
    static void append(json::Writer& out, E value) {
        for (const auto& [name, known] : EnumNames<E>::names) {
            if (known == value) return void(out.string(name));
        }
        out.null();
    }
    static void schema(SchemaWriter& out, const Rules&) { out.enumeration(names()); }

private:
    static std::vector<std::string_view> names() {
        std::vector<std::string_view> all;
        for (const auto& [name, value] : EnumNames<E>::names) all.push_back(name);
        return all;
    }
};

template <>
struct Codec<json::View> {
    static constexpr bool quoted = false;
    static bool text(json::View& to, std::string_view from, const Spot& spot) {
        return json_from_text(to, from, spot) && check_kind(to, spot);
    }
    static bool json(json::View& to, json::View from, const Spot& spot) {
        to = from;
        return check_kind(from, spot);
    }
    static void append(json::Writer& out, json::View value) { out.raw(value.text()); }
    static void schema(SchemaWriter& out, const Rules& rules) { out.kind(rules.json); }
};

template <class Shape>
struct Codec<Raw<Shape>> {
    static constexpr bool quoted = false;
    static bool text(Raw<Shape>& to, std::string_view from, const Spot& spot) {
        json::View value;
        if (!Codec<json::View>::text(value, from, spot)) return false;
        to.text = value.text();
        return true;
    }
    static bool json(Raw<Shape>& to, json::View from, const Spot& spot) {
        to.text = from.text();
        return check_kind(from, spot);
    }
    static void append(json::Writer& out, const Raw<Shape>& value) { out.raw(value.text); }
    static void schema(SchemaWriter& out, const Rules& rules) { Codec<Shape>::schema(out, rules); }
};

template <>
struct Codec<AnyJson> {
    static void schema(SchemaWriter& out, const Rules&) { out.kind(JsonKind::Any); }
};
template <>
struct Codec<AnyObject> {
    static void schema(SchemaWriter& out, const Rules&) { out.kind(JsonKind::Object); }
};
template <class... Shapes>
struct Codec<AnyOf<Shapes...>> {
    static void schema(SchemaWriter& out, const Rules& rules) {
        out.any_of({&Codec<Shapes>::schema...}, rules);
    }
};

template <class T>
struct Codec<std::vector<T>> {
    static constexpr bool quoted = false;
    static bool text(std::vector<T>& to, std::string_view from, const Spot& spot) {
        for (const std::string_view part : split_list(from)) {
            if (!Codec<T>::text(to.emplace_back(), part, spot)) return false;
        }
        return check_items(to.size(), spot);
    }
    static bool json(std::vector<T>& to, json::View from, const Spot& spot) {
        if (!from.is_array()) return spot.must_be("an array");
        bool good = true;
        for (const json::View element : from.elements()) {
            const std::string name = std::string(spot.name) + "." + std::to_string(to.size());
            good &= Codec<T>::json(to.emplace_back(), element,
                                   Spot{name, spot.rules, spot.problems, spot.scratch});
        }
        return good && check_items(to.size(), spot);
    }
    static void append(json::Writer& out, const std::vector<T>& values) {
        out.begin_array();
        for (const T& value : values) Codec<T>::append(out, value);
        out.end_array();
    }
    static void schema(SchemaWriter& out, const Rules& rules) { out.array(&Codec<T>::schema, rules); }
};

template <class T>
struct Codec<std::optional<T>> {
    static constexpr bool quoted = Codec<T>::quoted;
    static bool text(std::optional<T>& to, std::string_view from, const Spot& spot) {
        return Codec<T>::text(to.emplace(), from, spot);
    }
    /// null is the same as leaving the member out.
    static bool json(std::optional<T>& to, json::View from, const Spot& spot) {
        return from.is_null() || Codec<T>::json(to.emplace(), from, spot);
    }
    static void append(json::Writer& out, const std::optional<T>& value) { Codec<T>::append(out, *value); }
    static void schema(SchemaWriter& out, const Rules& rules) { Codec<T>::schema(out, rules); }
};

template <Struct T>
struct Codec<T> {
    static constexpr bool quoted = false;
    static bool text(T& to, std::string_view from, const Spot& spot) {
        json::View value;
        return json_from_text(value, from, spot) && json(to, value, spot);
    }
    static bool json(T& to, json::View from, const Spot& spot) {
        return decode_object(from, fields_of<T>(), &to, spot);
    }
    static void append(json::Writer& out, const T& value) { append_object(out, fields_of<T>(), &value); }
    static void schema(SchemaWriter& out, const Rules&) { out.object(shape_of<T>()); }
};

template <>
struct Codec<OtherParameters> {
    static constexpr bool quoted = false;
    static bool text(OtherParameters&, std::string_view, const Spot&) { return false; }
    static bool json(OtherParameters&, json::View, const Spot&) { return false; }
    static void append(json::Writer&, const OtherParameters&) {}
    static void schema(SchemaWriter& out, const Rules&) { out.kind(JsonKind::Object); }
};

template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<std::optional<T>> = true;

template <class T>
constexpr TextForm text_form = Struct<T> ? TextForm::Json : TextForm::Scalar;
template <>
inline constexpr TextForm text_form<json::View> = TextForm::Json;
template <class Shape>
constexpr TextForm text_form<Raw<Shape>> = TextForm::Json;
template <class T>
constexpr TextForm text_form<std::vector<T>> = TextForm::List;
template <class T>
constexpr TextForm text_form<std::optional<T>> = text_form<T>;

template <class T>
const Type& type_of() {
    static constexpr Type type{
        [](void* to, std::string_view from, const Spot& spot) {
            return Codec<T>::text(*static_cast<T*>(to), from, spot);
        },
        [](void* to, json::View from, const Spot& spot) {
            return Codec<T>::json(*static_cast<T*>(to), from, spot);
        },
        [](json::Writer& out, const void* value) { Codec<T>::append(out, *static_cast<const T*>(value)); },
        [](const void* value) {
            if constexpr (is_optional<T>) return !static_cast<const T*>(value)->has_value();
            return false;
        },
        &Codec<T>::schema,
        text_form<T>,
        Codec<T>::quoted,
        is_optional<T>,
    };
    return type;
}

}  // namespace credvault::api
