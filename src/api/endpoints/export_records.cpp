#include "api/endpoints.h"
#include "api/endpoints/import_parameters.h"
#include "api/endpoints/paths.h"
#include "api/scalars.h"
#include "documents/transfer/transfers.h"
#include "http/media.h"
#include "query/list_filter.h"

namespace credvault::api {
namespace {

struct ExportRecords {
    CollectionPath at;
    std::optional<documents::DataFormat> format;
    std::optional<json::View> filter;
    std::string_view sort;
    std::string_view selected;
    std::string_view delimiter = ",";

    static Fields fields() {
        using R = ExportRecords;
        return {
            include(&R::at),
            query(&R::format, "format",
                  {.description =
                       "`ndjson` (a record a line), `json` (an array) or `csv`; otherwise as `Accept` "
                       "says, and `ndjson` where it says nothing."}),
            query(&R::filter, "filter",
                  {.description = "A filter in the filter language; all records where it is left out.",
                   .example = R"({"age":{"$gt":18}})",
                   .json = JsonKind::Object}),
            query(&R::sort, "sort",
                  {.description =
                       "Fields to sort by; `-` in front of descending ones. By id where it is left out. An "
                       "order that no index gives is for exports of up to 16 MiB.",
                   .example = "-created_at",
                   .max_length = 8192}),
            query(&R::selected, "fields",
                  {.description = "Fields to export, separated by commas; of CSV the columns in this order.",
                   .example = "id,name,address.city",
                   .max_length = 8192}),
            query(&R::delimiter, "delimiter",
                  {.description = "Of CSV: one character as `,` `;` `|`, or `tab`.",
                   .example = ";",
                   .max_length = 3,
                   .default_value = ","})};
    }
};

class ExportSource final : public http::BodySource {
public:
    explicit ExportSource(std::unique_ptr<documents::Exporter> exporter) : exporter_(std::move(exporter)) {}
    Reply<std::string> next() override { return exporter_->next(); }
    void abandon() override { exporter_->cancel(); }

private:
    std::unique_ptr<documents::Exporter> exporter_;
};

documents::DataFormat format_of(const http::Request& http) {
    const std::string_view accept = http.field("Accept").value_or("*/*");
    if (http::accepts(accept, ndjson_type)) return documents::DataFormat::Ndjson;
    if (http::accepts(accept, "application/json")) return documents::DataFormat::Json;
    return documents::DataFormat::Csv;
}

std::string_view type_of_format(documents::DataFormat format) {
    switch (format) {
        case documents::DataFormat::Json: return "application/json";
        case documents::DataFormat::Csv: return "text/csv; charset=utf-8; header=present";
        default: return ndjson_type;
    }
}

Reply<Streamed> run(Context& context, const ExportRecords& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    documents::ExportQuery query;
    query.format = request.format ? *request.format : format_of(context.http);
    if (request.filter) query.filter = request.filter->text();
    CO_TRY(query.sort, query::parse_sort(request.sort));
    CO_TRY(query.delimiter, documents::parse_delimiter(request.delimiter));
    if (!request.selected.empty()) {
        CO_TRY(query.projection, query::projection_of_fields(request.selected));
        for (const std::string_view name : split_list(request.selected)) query.columns.emplace_back(name);
    }
    const std::string_view type = type_of_format(query.format);
    CO_TRY(std::unique_ptr<documents::Exporter> exporter,
           co_await context.services.transfers.begin_export(std::move(place), std::move(query)));
    co_return Streamed{std::make_unique<ExportSource>(std::move(exporter)), type};
}

}  // namespace

const Endpoint export_records = Operation<ExportRecords, Streamed>{
    .id = "exportRecords",
    .method = http::Method::Get,
    .path = "/v1/databases/{database}/collections/{collection}/export",
    .tag = "Import and export",
    .summary = "Export records",
    .description =
        "All records that match, as a stream. It is no snapshot: what is written meanwhile may or may not be "
        "in it. A "
        "stream that breaks off before its end ended by an error.",
    .scope = Scope::DatabaseRead,
    .rate = RateClass::Scan,
    .produces = ndjson_type,
    .streams = {csv_type, "application/json"},
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INVALID_FILTER,
               ErrorCode::INVALID_SORT, ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR,
               ErrorCode::QUERY_TIMEOUT, ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
