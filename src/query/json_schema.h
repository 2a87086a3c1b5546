// JSON Schema: what values must look like. One evaluator for two dialects: the standard's (drafts 4 to 2020-12, as far
// as docs/api/validation.md says), for the validation of collections, and MongoDB's for $jsonSchema in filters.
// Patterns are RE2's, so that time is bounded. A JsonSchema is immutable, cheap to copy and used by any number of
// threads.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/view.h"

namespace credvault::query {

enum class SchemaDialect : std::uint8_t {
    Standard,
    Filter,  ///< MongoDB's: draft 4 with bsonType, without references; unknown keywords are errors.
};

struct SchemaLimits {
    std::size_t max_bytes = 256 * 1024;  ///< Of its text.
    std::size_t max_nodes = 5'000;       ///< Schemas within it.
    std::size_t max_patterns = 64;
    std::size_t max_pattern_program = 200'000;
};

/// Something that is not as the schema wants it.
struct SchemaViolation {
    std::string pointer;  ///< JSON pointer to the value; "" is the whole.
    std::string keyword;
    std::string message;  ///< What would be right, as in "must be at least 0".
};

struct SchemaNode;

class JsonSchema {
public:
    /// Checks and compiles. Fails with INVALID_SCHEMA (INVALID_FILTER in the dialect of filters); `field` is the place
    /// in the schema, beginning with `name`.
    static Result<JsonSchema> parse(const json::View& text, SchemaDialect dialect, std::string_view name,
                                    const SchemaLimits& limits = {});

    /// Whether the value is as the schema says.
    bool matches(const json::View& value) const;
    /// What is wrong with the value, at most so many of it; empty where nothing is.
    std::vector<SchemaViolation> violations(const json::View& value, std::size_t most) const;
    /// The same of records, whose platform fields (id, created_at, updated_at, _version) are seen only where the schema
    /// names them: a schema that allows no other fields than its own must not refuse every record.
    bool matches_record(const json::View& record) const;
    /// The same schema for records without these fields (hidden_fields.h), named as they are escaped.
    JsonSchema without(const std::vector<std::string>& fields) const;
    std::vector<SchemaViolation> record_violations(const json::View& record, std::size_t most) const;

private:
    using Nodes = std::vector<SchemaNode>;
    JsonSchema(std::shared_ptr<const Nodes> nodes, SchemaDialect dialect)
        : nodes_(std::move(nodes)), dialect_(dialect) {}
    /// The record's text without the hidden fields, in `scratch` where that is another one.
    std::string_view shown(const json::View& record, std::string& scratch) const;

    std::shared_ptr<const Nodes> nodes_;  ///< The first one is the whole.
    SchemaDialect dialect_;
    std::vector<std::string_view> hidden_;  ///< Platform fields that records are judged without.
    std::vector<std::string> denied_;       ///< Other fields that they are judged without.
};

}  // namespace credvault::query
