// What updates and deletes by filter share: their fields, how they are answered, and how the answers look.
#pragma once

#include <optional>
#include <string>

#include "api/answer.h"
#include "api/endpoints/paths.h"
#include "api/endpoints/shapes.h"
#include "api/idempotency.h"
#include "documents/updates.h"

namespace credvault::api {

template <>
struct EnumNames<documents::ReturnedRecord> {
    static constexpr auto names = std::to_array<std::pair<std::string_view, documents::ReturnedRecord>>(
        {{"none", documents::ReturnedRecord::None},
         {"before", documents::ReturnedRecord::Before},
         {"after", documents::ReturnedRecord::After}});
};

/// Shape of null.
struct NoValue {};
template <>
struct Codec<NoValue> {
    static void schema(SchemaWriter& out, const Rules&) { out.type("null"); }
};

struct UpdateOutcomeShape {
    std::int64_t matched_count = 0;
    std::int64_t modified_count = 0;
    Raw<AnyOf<std::string, NoValue>> upserted_id;
    Raw<AnyOf<ProjectedRecordShape, NoValue>> record;

    static constexpr std::string_view schema_name = "UpdateOutcome";
    static Fields fields();
};

struct DeleteOutcomeShape {
    std::int64_t deleted_count = 0;
    Raw<AnyOf<ProjectedRecordShape, NoValue>> record;

    static constexpr std::string_view schema_name = "DeleteOutcome";
    static Fields fields();
};

/// A violation of a schema that only warns.
struct SchemaWarningShape {
    std::string pointer, message;

    static constexpr std::string_view schema_name = "SchemaWarning";
    static Fields fields();
};

/// One operation of a bulk or transaction, as it went.
struct OperationResultShape {
    std::string operation;
    std::string status;
    std::optional<std::string> effect;
    std::optional<std::int64_t> matched_count, modified_count, deleted_count;
    std::optional<std::string> id;
    std::optional<std::int64_t> version;
    std::optional<std::string> code, message, field;
    std::optional<std::int64_t> violating_count;
    std::optional<std::vector<SchemaWarningShape>> violations;

    static constexpr std::string_view schema_name = "OperationResult";
    static Fields fields();
};

struct BulkOutcomeShape {
    std::int64_t inserted_count = 0, matched_count = 0, modified_count = 0, upserted_count = 0,
                 deleted_count = 0, failed_count = 0;
    std::vector<OperationResultShape> results;

    static constexpr std::string_view schema_name = "BulkOutcome";
    static Fields fields();
};

/// Which records, as bodies say it.
struct SelectionFields {
    json::View filter;
    std::optional<bool> multi;
    std::optional<json::View> sort;
    documents::ReturnedRecord returned = documents::ReturnedRecord::None;

    static Fields fields();
    /// Fails with INVALID_FILTER, INVALID_SORT, INVALID_PARAMETER.
    /// `text` is what a $text in the filter searches.
    Result<documents::Selection> selection(std::shared_ptr<const query::TextSource> text) const;
};

}  // namespace credvault::api
