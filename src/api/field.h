// A field of a request or response struct, and the list of them that each such struct gives in a static fields():
//
//     return {path(&GetThing::name, "name", {.description = "…", .example = "cars"}),
//             query(&GetThing::limit, "limit", {.description = "…", .min = 1, .max = 100})};
//
// That list alone drives decoding, validation, encoding and JSON Schema. Made once per type; immutable.
#pragma once

#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "api/type.h"

namespace credvault::api {

template <class T>
const Type& type_of();

enum class Source : std::uint8_t {
    Path,
    Query,
    OtherQuery,  ///< Takes the query parameters that have no field of their own.
    Header,
    Body,       ///< A member of the JSON object that is the body; also every member of a response.
    Document,   ///< The whole body.
    MediaType,  ///< The body's media type, in lower case and without parameters.
};

struct Field {
    std::string_view name;
    Source source;
    const Type* type;
    std::size_t offset;  ///< Of the member within the struct, in bytes.
    Rules rules;
    /// Of OtherQuery: whose fields the parameters may name; null where they may name anything.
    const class Fields& (*known)() = nullptr;
};

class Fields {
public:
    struct Group {
        Group(Field field) : fields{std::move(field)} {}
        Group(std::vector<Field> many) : fields(std::move(many)) {}
        std::vector<Field> fields;
    };

    Fields(std::initializer_list<Group> groups) {
        for (const Group& group : groups)
            fields_.insert(fields_.end(), group.fields.begin(), group.fields.end());
    }
    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }
    std::size_t size() const { return fields_.size(); }

private:
    std::vector<Field> fields_;
};

/// The fields of a struct, made on first use.
template <class T>
const Fields& fields_of() {
    static const Fields fields = T::fields();
    return fields;
}

template <class T>
concept Struct = requires {
    { T::fields() } -> std::same_as<Fields>;
};

template <class S, class M>
std::size_t offset_of(M S::*member) {
    static const S probe{};
    return static_cast<std::size_t>(reinterpret_cast<const char*>(&(probe.*member)) -
                                    reinterpret_cast<const char*>(&probe));
}

template <class S, class M>
Field make_field(Source source, M S::*member, std::string_view name, const Rules& rules) {
    return {name, source, &type_of<M>(), offset_of(member), rules};
}

/// A segment of the path, percent-decoded; always required.
template <class S, class M>
Field path(M S::*member, std::string_view name, Rules rules) {
    rules.required = true;
    return make_field(Source::Path, member, name, rules);
}
template <class S, class M>
Field query(M S::*member, std::string_view name, const Rules& rules) {
    return make_field(Source::Query, member, name, rules);
}
template <class S, class M>
Field header(M S::*member, std::string_view name, const Rules& rules) {
    return make_field(Source::Header, member, name, rules);
}
template <class S, class M>
Field body(M S::*member, std::string_view name, const Rules& rules) {
    return make_field(Source::Body, member, name, rules);
}
/// The whole body, canonical: a json::View (or Raw<Shape> to describe it). Required unless it is an optional.
template <class S, class M>
Field document(M S::*member, Rules rules) {
    rules.required = !type_of<M>().optional;
    return make_field(Source::Document, member, "body", rules);
}
template <class S>
Field media_type(std::string_view S::*member) {
    return make_field(Source::MediaType, member, "Content-Type", {});
}

/// Decoded query parameters that are no fields, in their order.
using OtherParameters = std::vector<std::pair<std::string, std::string>>;
/// Lets every other name through, as filters on records are. Without such a field unknown names are refused.
template <class S>
Field other_query(OtherParameters S::*member, const Rules& rules) {
    return make_field(Source::OtherQuery, member, "", rules);
}
/// Lets names through that begin with one of Shape's fields: "name", "name[regex]", "owner.name".
template <class Shape, class S>
Field other_query_on(OtherParameters S::*member, const Rules& rules) {
    Field field = other_query(member, rules);
    field.known = &fields_of<Shape>;
    return field;
}

/// The fields of a struct that is a member of another one, as if they were the outer one's.
template <class S, Struct M>
std::vector<Field> include(M S::*member) {
    std::vector<Field> fields(fields_of<M>().begin(), fields_of<M>().end());
    for (Field& field : fields) field.offset += offset_of(member);
    return fields;
}

}  // namespace credvault::api
