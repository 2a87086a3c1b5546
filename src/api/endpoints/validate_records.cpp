#include "api/endpoints.h"
#include "api/endpoints/paths.h"
#include "documents/queries.h"
#include "documents/validation.h"

namespace credvault::api {
namespace {

struct ViolationShape {
    std::string pointer;
    std::string keyword;
    std::string message;

    static constexpr std::string_view schema_name = "Violation";
    static Fields fields() {
        using S = ViolationShape;
        return {body(&S::pointer, "pointer",
                     {.description = "JSON pointer to what is wrong; empty where it is the whole record.",
                      .example = "/age"}),
                body(&S::keyword, "keyword",
                     {.description = "The schema's keyword that it violates.", .example = "minimum"}),
                body(&S::message, "message",
                     {.description = "What would be right.", .example = "must be at least 0"})};
    }
};

struct InvalidRecordShape {
    std::string id;
    std::vector<ViolationShape> violations;

    static constexpr std::string_view schema_name = "InvalidRecord";
    static Fields fields() {
        using S = InvalidRecordShape;
        return {body(&S::id, "id", {.description = "The record's.", .example = "01JBV3M6Q4Z0X8T5D2N7K9W1RA"}),
                body(&S::violations, "violations", {.description = "The first 20 of them."})};
    }
};

struct ReportShape {
    std::int64_t checked = 0;
    std::int64_t valid = 0;
    std::int64_t invalid = 0;
    std::vector<InvalidRecordShape> records;

    static constexpr std::string_view schema_name = "ValidationReport";
    static Fields fields() {
        using S = ReportShape;
        return {
            body(&S::checked, "checked", {.description = "Records looked at.", .example = "137", .min = 0}),
            body(&S::valid, "valid",
                 {.description = "Those that are as they should be.", .example = "136", .min = 0}),
            body(&S::invalid, "invalid", {.description = "The others.", .example = "1", .min = 0}),
            body(&S::records, "records", {.description = "The first of the others."})};
    }
};

struct ValidateRecords {
    CollectionPath at;
    std::optional<Raw<AnyObject>> schema;
    std::int64_t limit = 100;
    std::int64_t timeout_ms = 0;

    static Fields fields() {
        using R = ValidateRecords;
        return {include(&R::at),
                body(&R::schema, "schema",
                     {.description =
                          "The JSON Schema to check against; the collection's own where it is left out.",
                      .example = R"({"required":["name"]})",
                      .json = JsonKind::Object}),
                body(&R::limit, "limit",
                     {.description = "How many invalid records are told at most.",
                      .example = "100",
                      .min = 0,
                      .max = 1000,
                      .default_value = "100"}),
                body(&R::timeout_ms, "timeout_ms",
                     {.description = "How long it may take, in milliseconds, within the server's bound.",
                      .example = "5000",
                      .min = 1,
                      .max = 3'600'000})};
    }
};

Reply<Resource<Raw<ReportShape>>> run(Context& context, const ValidateRecords& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    std::optional<std::string> schema;
    if (request.schema) schema = request.schema->text;
    documents::QueryBounds bounds;
    bounds.timeout_ms = request.timeout_ms;
    CO_TRY(const documents::ValidationReport report,
           co_await context.services.validation.check(std::move(place), std::move(schema),
                                                      static_cast<std::size_t>(request.limit),
                                                      context.services.queries.limits_of(bounds)));
    Resource<Raw<ReportShape>> answer;
    json::Writer out(answer.value.text);
    out.begin_object();
    out.key("checked").number(static_cast<std::int64_t>(report.checked));
    out.key("valid").number(static_cast<std::int64_t>(report.checked - report.invalid));
    out.key("invalid").number(static_cast<std::int64_t>(report.invalid));
    out.key("records").raw(report.violations);
    out.end_object();
    co_return answer;
}

}  // namespace

const Endpoint validate_records = Operation<ValidateRecords, Resource<Raw<ReportShape>>>{
    .id = "validateRecords",
    .method = http::Method::Post,
    .path = "/v1/databases/{database}/collections/{collection}/validate",
    .tag = "Collections",
    .summary = "Check a collection's records against a schema",
    .description = "Looks at every record and changes nothing. Good to know before validation is turned on.",
    .scope = Scope::QueryExecute,
    .rate = RateClass::Scan,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INVALID_SCHEMA,
               ErrorCode::QUERY_TIMEOUT, ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
