#include "api/endpoints/update_shapes.h"

namespace credvault::api {

Fields UpdateOutcomeShape::fields() {
    using S = UpdateOutcomeShape;
    return {body(&S::matched_count, "matched_count",
                 {.description = "Records that the filter found.", .example = "1", .min = 0}),
            body(&S::modified_count, "modified_count",
                 {.description = "Those of them that the update changed.", .example = "1", .min = 0}),
            body(&S::upserted_id, "upserted_id",
                 {.description = "The id of the record that an upsert inserted; else null.",
                  .example = R"("01JBV3M6Q4Z0X8T5D2N7K9W1RA")"}),
            body(&S::record, "record", {.description = "The one record, as `return` asks; else null."})};
}

Fields DeleteOutcomeShape::fields() {
    using S = DeleteOutcomeShape;
    return {body(&S::deleted_count, "deleted_count",
                 {.description = "Records that were deleted.", .example = "1", .min = 0}),
            body(&S::record, "record",
                 {.description = "The one record as it was, as `return` asks; else null."})};
}

Fields SchemaWarningShape::fields() {
    using S = SchemaWarningShape;
    return {body(&S::pointer, "pointer", {.description = "JSON pointer of the value.", .example = "/age"}),
            body(&S::message, "message",
                 {.description = "What would be right.", .example = "must be at least 0"})};
}

Fields OperationResultShape::fields() {
    using S = OperationResultShape;
    const auto counted = [](const char* says) {
        return Rules{.description = says, .example = "1", .min = 0};
    };
    return {
        body(&S::operation, "operation", {.description = "Its kind.", .example = "update"}),
        body(&S::status, "status", {.description = "`success`, `error` or `skipped`.", .example = "success"}),
        body(&S::effect, "effect",
             {.description = "`created`, `changed`, `unchanged`, `deleted` or `checked`.",
              .example = "changed"}),
        body(&S::matched_count, "matched_count", counted("Records that were found.")),
        body(&S::modified_count, "modified_count", counted("Records that were changed.")),
        body(&S::deleted_count, "deleted_count", counted("Records that were deleted.")),
        body(&S::id, "id", {.description = "Of the one record.", .example = "ada"}),
        body(&S::version, "version",
             {.description = "Of the one record, afterwards.", .example = "2", .min = 1}),
        body(&S::code, "code", {.description = "Of the error.", .example = "DUPLICATE_KEY"}),
        body(&S::message, "message",
             {.description = "What is wrong.", .example = "A record with the id 'ada' exists already"}),
        body(&S::field, "field", {.description = "The field concerned.", .example = "id"}),
        body(&S::violating_count, "violating_count",
             {.description = "Written records that violate the collection's schema, where that only warns.",
              .example = "1",
              .min = 1}),
        body(&S::violations, "violations", {.description = "Those of the first such record."})};
}

Fields BulkOutcomeShape::fields() {
    using S = BulkOutcomeShape;
    const auto counted = [](const char* says) {
        return Rules{.description = says, .example = "1", .min = 0};
    };
    return {body(&S::inserted_count, "inserted_count", counted("Records that inserts made.")),
            body(&S::matched_count, "matched_count", counted("Records that updates and replaces found.")),
            body(&S::modified_count, "modified_count", counted("Records that they changed.")),
            body(&S::upserted_count, "upserted_count", counted("Records that they inserted.")),
            body(&S::deleted_count, "deleted_count", counted("Records that were deleted.")),
            body(&S::failed_count, "failed_count", counted("Operations that failed.")),
            body(&S::results, "results", {.description = "A result for each operation, in their order."})};
}

Fields SelectionFields::fields() {
    using S = SelectionFields;
    return {body(&S::filter, "filter",
                 {.description = "Which records, in the filter language.",
                  .example = R"({"status":"waiting"})",
                  .required = true,
                  .json = JsonKind::Object}),
            body(&S::multi, "multi",
                 {.description = "All records that match, not one alone.", .example = "false"}),
            body(&S::sort, "sort",
                 {.description = "Of one record: which comes first. `{\"age\":-1}` or `\"-age,name\"`.",
                  .example = R"({"created_at":1})"}),
            body(&S::returned, "return",
                 {.description = "The one record in the answer: `none`, as it was `before`, or `after`.",
                  .example = "after",
                  .default_value = "none"})};
}

Result<documents::Selection> SelectionFields::selection(std::shared_ptr<const query::TextSource> text) const {
    documents::Selection selection;
    selection.multi = multi.value_or(false);
    TRY(selection.filter, query::parse_filter(filter, {}, {}, std::move(text)));
    if (sort && selection.multi) {
        return Error(ErrorCode::INVALID_PARAMETER,
                     "'sort' chooses one record and has no meaning with 'multi'", "sort");
    }
    if (sort) {
        TRY(selection.sort, query::parse_sort(*sort));
    }
    TRY_VOID(documents::complete_sort(selection));
    if (returned != documents::ReturnedRecord::None && selection.multi) {
        return Error(ErrorCode::INVALID_PARAMETER,
                     "'return' gives one record and has no meaning with 'multi'", "return");
    }
    return selection;
}

}  // namespace credvault::api
