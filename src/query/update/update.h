// Updates: MongoDB's update operators, pipelines and whole replacements, parsed and checked once, applied to records as
// text. Operators copy what they do not touch, and visit each part of a record once, so that the work is linear in the
// sizes of record and update. Knows no engine and no collection. Immutable, cheap to copy; thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/view.h"
#include "query/filter.h"

namespace credvault::query {

struct UpdateLimits {
    std::size_t max_operations = 10'000;       ///< Paths that one update names.
    std::size_t max_path_parts = 100'000;      ///< Parts of all of them.
    std::size_t max_array_filters = 100;       ///< Entries of array_filters.
    std::size_t max_work = 50'000'000;         ///< Steps that applying it to one record may take.
    std::size_t max_padding = 1'500'000;       ///< Nulls put before a position beyond an array's end.
    std::size_t max_bytes = 16 * 1024 * 1024;  ///< Of the result.
    std::size_t max_depth = 100;               ///< Levels of the result.
};

/// What applying an update depends on besides the record.
struct UpdateInput {
    std::int64_t now_ms = 0;  ///< For $currentDate and $$NOW.
    std::optional<std::uint32_t>
        position;            ///< Of the array element that matched the filter, for the positional `$`.
    bool inserting = false;  ///< The record is about to be inserted: $setOnInsert counts.
};

enum class UpdateKind : std::uint8_t { Operators, Pipeline, Replacement };

class Update {
public:
    /// From an object: operators if its first name begins with `$`, else a replacement; or from an array, a pipeline.
    /// `array_filters` is an array of objects. Fails with INVALID_UPDATE, UNSUPPORTED_OPERATOR, IMMUTABLE_FIELD (a path
    /// of the platform's fields), in a pipeline as TransformPipeline::parse and in array_filters as parse_filter does;
    /// `field` is the path, the operator or the stage.
    static Result<Update> parse(const json::View& spec, const std::optional<json::View>& array_filters = {},
                                const UpdateLimits& limits = {});

    UpdateKind kind() const;
    /// Whether it names a positional `$`, and UpdateInput::position is wanted.
    bool is_positional() const;
    /// The record's new content as canonical text; of the platform's fields in it only `id` means something, and only
    /// when inserting. The same text where nothing changes. Fails with INVALID_UPDATE, IMMUTABLE_FIELD (another id, or
    /// a pipeline that changes a platform field), PAYLOAD_TOO_LARGE, in a filter or pipeline INVALID_EXPRESSION,
    /// INVALID_PIPELINE, QUERY_TOO_LARGE; `field` is the path.
    Result<std::string> apply(const json::View& record, const UpdateInput& input) const;
    /// What an upsert inserts where no record matches: the filter's equalities, as MongoDB derives them (of a
    /// replacement only `id`), then the update. An `id` may come from the filter, the replacement or $setOnInsert.
    /// Fails as apply does, and with INVALID_UPDATE where the filter fixes a path twice or in two ways, IMMUTABLE_FIELD
    /// where it fixes a platform field other than `id`.
    Result<std::string> insertion(const Filter& filter, UpdateInput input) const;

private:
    friend class UpdateParser;
    std::shared_ptr<const struct ParsedUpdate> parsed_;
};

}  // namespace credvault::query
