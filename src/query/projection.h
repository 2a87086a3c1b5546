// Projections of a find: which fields of a record are returned, `$slice`, `$elemMatch` and the positional `$`, with
// MongoDB's meaning; `id` stays in an inclusive projection unless it is excluded. Immutable; thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/view.h"
#include "query/filter.h"

namespace credvault::query {

class Projection {
public:
    /// Returns records whole.
    Projection() = default;
    bool is_identity() const { return compiled_ == nullptr; }
    /// Appends the projected record to `out`. `filter` is the query's, for the positional `$`; `rank` is the record's,
    /// for `$meta`. May fail where a positional element can't be found.
    Status append(std::string& out, const json::View& record, const Filter& filter, double rank = 0) const;
    /// Whether it shows the rank: {"score": {"$meta": "textScore"}}.
    bool wants_rank() const;

private:
    friend class ProjectionParser;
    std::shared_ptr<const class CompiledProjection> compiled_;
};

constexpr std::size_t max_projection_fields = 1'000;

/// Parses a projection document ({"a":1,"b.c":1} …). `filter` is the query's, or whether it has one that says anything:
/// a positional `$` needs one. Fails with INVALID_PROJECTION, or UNSUPPORTED_OPERATOR, `field` being the path.
Result<Projection> parse_projection(const json::View& document, const Filter& filter);
Result<Projection> parse_projection(const json::View& document, bool has_filter);
/// From a list of names, as in `fields=id,name`.
Result<Projection> projection_of_fields(std::string_view comma_separated);

}  // namespace credvault::query
