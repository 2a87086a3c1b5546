// How the machinery handles a member of a request or response whatever its C++ type: read it from text or JSON, write
// it as JSON, describe it as JSON Schema. type_of<T>() makes such a table from Codec<T> (codecs.h). Constants.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "api/problems.h"
#include "json/view.h"
#include "json/writer.h"

namespace credvault::api {

class SchemaWriter;

/// A named form that strings may be asked to have.
struct Format {
    std::string_view name;     ///< As JSON Schema's `format`; empty where it has none.
    std::string_view pattern;  ///< As JSON Schema's `pattern`: the same strings that check() accepts.
    bool (*check)(std::string_view text);
    std::string_view says;  ///< Completes "Parameter 'name' must be …".
};

/// Which JSON types a json::View or Raw member takes.
enum class JsonKind : std::uint8_t { Any, Object, Array, ObjectOrArray };

/// What holds of a field beyond its type. Bounds on lengths are in bytes of UTF-8; in arrays they, and min and max,
/// speak of the elements.
struct Rules {
    std::string_view description = {};
    std::string_view example = {};  ///< For strings the text itself, for everything else JSON.
    bool required = false;
    std::int64_t min = std::numeric_limits<std::int64_t>::min();
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
    std::size_t min_length = 0;
    std::size_t max_length = std::numeric_limits<std::size_t>::max();
    std::size_t min_items = 0;
    std::size_t max_items = std::numeric_limits<std::size_t>::max();
    const Format* format = nullptr;
    JsonKind json = JsonKind::Any;
    std::string_view default_value = {};  ///< For documentation; written as `example` is.
};

/// Where a value is being decoded.
struct Spot {
    std::string_view name;  ///< As messages name it: "limit", "sort.0.field".
    const Rules& rules;
    Problems& problems;
    Scratch& scratch;

    /// Adds INVALID_PARAMETER "Parameter '<name>' must be <what>". Returns false.
    bool must_be(std::string_view what) const;
};

enum class TextForm : std::uint8_t { Scalar, List, Json };

struct Type {
    /// Both return false after telling the spot's problems. `text` and `value` live as long as the call.
    bool (*from_text)(void* member, std::string_view text, const Spot& spot);
    bool (*from_json)(void* member, json::View value, const Spot& spot);
    void (*append)(json::Writer& out, const void* member);
    /// Whether the member has no value and is left out of an object.
    bool (*absent)(const void* member);
    /// Writes the members of a schema ("type", bounds) into an open object.
    void (*schema)(SchemaWriter& out, const Rules& rules);
    TextForm form;  ///< In a path, query or header.
    bool quoted;    ///< Examples are the text itself, not JSON.
    bool optional;  ///< Absence is a value of its own.
};

}  // namespace credvault::api
