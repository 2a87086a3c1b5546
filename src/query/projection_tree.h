// A checked projection: a tree of the fields it names. Internal to query/. Immutable once parsed; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/filter.h"

namespace credvault::query {

enum class ProjectionMode : bool { Exclude, Include };

/// Which elements of an array $slice keeps. A negative skip counts from the end; no limit: to the end.
struct SliceRange {
    std::int64_t skip = 0;
    std::optional<std::int64_t> limit;
};

struct ProjectedField {
    enum class Kind : std::uint8_t {
        Fields,     ///< Only `children`.
        Named,      ///< Included or excluded whole, as the mode is.
        Slice,      ///< Kept, cut to `slice`.
        ElemMatch,  ///< Kept as the first element that `condition` finds.
    };

    std::string name;  ///< Escaped.
    Kind kind = Kind::Fields;
    bool positional = false;  ///< On the path of a positional `$`.
    SliceRange slice;
    std::optional<Filter> condition;
    std::vector<ProjectedField> children;  ///< Sorted by name.
};

/// The field of that name, or null.
const ProjectedField* find_field(const std::vector<ProjectedField>& fields, std::string_view escaped_name);

class CompiledProjection {
public:
    ProjectionMode mode = ProjectionMode::Exclude;
    bool positional = false;
    std::vector<ProjectedField> fields;
    std::vector<std::string> ranks;  ///< Escaped names that show the record's rank, behind all others.
};

}  // namespace credvault::query
