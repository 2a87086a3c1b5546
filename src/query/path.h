// A dotted path into a record, and how MongoDB's queries walk it: through an array's elements as well as by position.
// Value types; thread-safe. The walk itself is in path_walk.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace credvault::query {

constexpr std::size_t max_path_parts = 100;  ///< A record has no more levels.

struct PathPart {
    std::string name;                    ///< Decoded.
    std::string escaped;                 ///< As json::View::find wants it.
    std::optional<std::uint32_t> index;  ///< Where the name is a plain number: also an array position.
};

struct Path {
    std::string text;  ///< As written, dots and all; what messages name.
    std::vector<PathPart> parts;

    friend bool operator==(const Path& a, const Path& b) { return a.text == b.text; }
};

/// Parses "a.b.0.c". Fails with `code` on an empty path, empty parts or more than 100 parts; `field` is the path.
Result<Path> parse_path(std::string_view text, ErrorCode code = ErrorCode::INVALID_FILTER);
/// The same for looking values up, as filters and distinct do: an empty part is a field whose name is empty. Fails
/// only on more than 100 parts.
Result<Path> parse_lookup_path(std::string_view text, ErrorCode code = ErrorCode::INVALID_FILTER);

/// A name as messages and `field` show it: cut to 200 bytes, at a character's boundary, with an ellipsis.
std::string shown_name(std::string_view name);

}  // namespace credvault::query
