// How resources look in answers, for the OpenAPI document: the services of documents/ make their canonical text
// (Raw<Shape>), so no value of these types is ever made.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/codecs.h"

namespace credvault::api {

/// A record: the platform's four fields and the user's own.
struct RecordShape {
    std::string id;
    std::string created_at;
    std::string updated_at;
    std::int64_t version = 1;

    static constexpr std::string_view schema_name = "Record";
    static constexpr std::string_view schema_description =
        "A record: your own fields, and four that the platform sets. Projections may leave any of them out.";
    static constexpr bool open = true;
    static Fields fields() {
        return {body(&RecordShape::id, "id",
                     {.description = "Unique in the collection.",
                      .example = "01JBV3M6Q4Z0X8T5D2N7K9W1RA",
                      .min_length = 1,
                      .max_length = 128}),
                body(&RecordShape::created_at, "created_at",
                     {.description = "When it was inserted: RFC 3339, UTC, milliseconds.",
                      .example = "2026-01-31T12:00:00.000Z"}),
                body(&RecordShape::updated_at, "updated_at",
                     {.description = "When it was last changed.", .example = "2026-01-31T12:00:00.000Z"}),
                body(&RecordShape::version, "_version",
                     {.description = "Counts the writes to this record from 1.", .example = "1", .min = 1})};
    }
};

/// A record of which a projection may have left any field out.
struct ProjectedRecordShape {
    std::optional<std::string> id;

    static constexpr std::string_view schema_name = "ProjectedRecord";
    static constexpr std::string_view schema_description =
        "A record, or the fields of it that were asked for.";
    static constexpr bool open = true;
    static Fields fields() {
        return {body(&ProjectedRecordShape::id, "id",
                     {.description = "Unique in the collection.", .example = "01JBV3M6Q4Z0X8T5D2N7K9W1RA"})};
    }
};

struct DatabaseStatisticsShape {
    std::int64_t collections = 0;
    std::int64_t records = 0;
    std::int64_t record_bytes = 0;
    std::int64_t bytes_on_disk = 0;

    static constexpr std::string_view schema_name = "DatabaseStatistics";
    static Fields fields() {
        using S = DatabaseStatisticsShape;
        return {
            body(&S::collections, "collections",
                 {.description = "How many collections it has.", .example = "3", .min = 0}),
            body(&S::records, "records",
                 {.description = "Records in all of them.", .example = "137", .min = 0}),
            body(&S::record_bytes, "record_bytes",
                 {.description = "Bytes of their JSON text.", .example = "41000", .min = 0}),
            body(&S::bytes_on_disk, "bytes_on_disk",
                 {.description = "Bytes that the database takes on disk.", .example = "98304", .min = 0})};
    }
};

struct DatabaseShape {
    std::optional<std::string> name;
    std::optional<std::string> created_at;
    std::optional<DatabaseStatisticsShape> statistics;

    static constexpr std::string_view schema_name = "Database";
    static Fields fields() {
        return {
            body(&DatabaseShape::name, "name", {.description = "Its name.", .example = "shop"}),
            body(&DatabaseShape::created_at, "created_at",
                 {.description = "When it was made.", .example = "2026-01-31T12:00:00.000Z"}),
            body(&DatabaseShape::statistics, "statistics", {.description = "Sizes; lists leave them out."})};
    }
};

struct IndexProgressShape {
    std::int64_t records_done = 0;
    std::int64_t records_total = 0;

    static constexpr std::string_view schema_name = "IndexProgress";
    static Fields fields() {
        return {body(&IndexProgressShape::records_done, "records_done",
                     {.description = "Records that are in the index.", .example = "2000", .min = 0}),
                body(&IndexProgressShape::records_total, "records_total",
                     {.description = "Records that have to be.", .example = "90000", .min = 0})};
    }
};

struct CollectionIndexShape {
    std::optional<std::string> name;
    std::optional<std::vector<std::string>> index_fields;
    std::optional<bool> unique;
    std::optional<bool> sparse;
    std::optional<std::int64_t> ttl_seconds;
    std::optional<std::string> type;
    std::optional<std::string> language;
    std::optional<json::View> weights;
    std::optional<std::string> status;
    std::optional<std::string> failure;
    std::optional<IndexProgressShape> progress;
    std::optional<std::int64_t> entries;
    std::optional<std::string> created_at;

    static constexpr std::string_view schema_name = "Index";
    static Fields fields() {
        using S = CollectionIndexShape;
        return {
            body(&S::name, "name",
                 {.description = "Its name within the collection.", .example = "by_status"}),
            body(&S::index_fields, "fields",
                 {.description = "The fields in order; `-` in front of descending ones.",
                  .example = R"(["status","-created_at"])"}),
            body(&S::unique, "unique", {.description = "Whether no two records may have the same values."}),
            body(&S::sparse, "sparse",
                 {.description = "Whether records without any of the fields are left out."}),
            body(&S::ttl_seconds, "ttl_seconds",
                 {.description = "How long after the time in its field a record is removed.",
                  .example = "3600",
                  .min = 0}),
            body(&S::type, "type",
                 {.description = "What it indexes by: `value`, `text` or `geo`.", .example = "value"}),
            body(&S::language, "language", {.description = "Of a text index.", .example = "english"}),
            body(&S::weights, "weights",
                 {.description = "Of a text index: how much the words of each field count.",
                  .example = R"({"title":10})",
                  .json = JsonKind::Object}),
            body(&S::status, "status",
                 {.description = "`building`, `ready` or `failed`. Queries use it when it is ready.",
                  .example = "ready"}),
            body(&S::failure, "failure",
                 {.description = "Why it failed.", .example = "two records have the value 7"}),
            body(&S::progress, "progress", {.description = "While it is being built."}),
            body(&S::entries, "entries",
                 {.description = "Entries that it holds.", .example = "137", .min = 0}),
            body(&S::created_at, "created_at",
                 {.description = "When it was made.", .example = "2026-01-31T12:00:00.000Z"})};
    }
};

struct CollectionStatisticsShape {
    std::int64_t records = 0;
    std::int64_t record_bytes = 0;

    static constexpr std::string_view schema_name = "CollectionStatistics";
    static Fields fields() {
        return {body(&CollectionStatisticsShape::records, "records",
                     {.description = "How many records it has.", .example = "137", .min = 0}),
                body(&CollectionStatisticsShape::record_bytes, "record_bytes",
                     {.description = "Bytes of their JSON text.", .example = "41000", .min = 0})};
    }
};

struct ValidationShape {
    std::string mode;
    std::optional<Raw<AnyObject>> schema;

    static constexpr std::string_view schema_name = "CollectionValidation";
    static Fields fields() {
        using S = ValidationShape;
        return {body(&S::mode, "mode", {.description = "`off`, `warn` or `error`.", .example = "error"}),
                body(&S::schema, "schema",
                     {.description = "The JSON Schema.", .example = R"({"required":["name"]})"})};
    }
};

struct TtlShape {
    std::string field;
    std::int64_t seconds = 0;

    static constexpr std::string_view schema_name = "CollectionTimeToLive";
    static Fields fields() {
        using S = TtlShape;
        return {body(&S::field, "field",
                     {.description = "The field that holds a time.", .example = "expires_at"}),
                body(&S::seconds, "seconds",
                     {.description = "How long after that time a record is removed.",
                      .example = "3600",
                      .min = 0})};
    }
};

struct CollectionShape {
    std::optional<std::string> name;
    std::optional<bool> require_if_match;
    std::optional<std::string> change_images;
    std::optional<ValidationShape> validation;
    std::optional<TtlShape> ttl;
    std::optional<CollectionStatisticsShape> statistics;
    std::optional<std::vector<CollectionIndexShape>> indexes;
    std::optional<std::string> created_at;

    static constexpr std::string_view schema_name = "Collection";
    static Fields fields() {
        using S = CollectionShape;
        return {body(&S::name, "name", {.description = "Its name within the database.", .example = "users"}),
                body(&S::require_if_match, "require_if_match",
                     {.description = "Whether changing a record needs `If-Match`."}),
                body(&S::change_images, "change_images",
                     {.description = "Which images of a record the change log keeps.", .example = "off"}),
                body(&S::validation, "validation", {.description = "What its records must be like."}),
                body(&S::ttl, "ttl", {.description = "When its records expire."}),
                body(&S::statistics, "statistics", {.description = "Sizes."}),
                body(&S::indexes, "indexes", {.description = "Its indexes, by name."}),
                body(&S::created_at, "created_at",
                     {.description = "When it was made.", .example = "2026-01-31T12:00:00.000Z"})};
    }
};

}  // namespace credvault::api
