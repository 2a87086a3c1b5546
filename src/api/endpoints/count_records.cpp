#include "api/endpoints.h"
#include "api/endpoints/paths.h"
#include "documents/queries.h"

namespace credvault::api {
namespace {

struct CountRecords {
    CollectionPath at;
    std::optional<json::View> filter;
    std::int64_t timeout_ms = 0;

    static Fields fields() {
        return {include(&CountRecords::at),
                body(&CountRecords::filter, "filter",
                     {.description = "A filter in the filter language; all records where it is left out.",
                      .example = R"({"age":{"$gt":18}})",
                      .json = JsonKind::Object}),
                body(&CountRecords::timeout_ms, "timeout_ms",
                     {.description = "How long it may take, in milliseconds, within the server's bound.",
                      .example = "5000",
                      .min = 1,
                      .max = 3'600'000})};
    }
};

struct CountAnswer {
    std::int64_t count = 0;

    static constexpr std::string_view schema_name = "Count";
    static Fields fields() {
        return {body(&CountAnswer::count, "count",
                     {.description = "Matching records.", .example = "42", .min = 0})};
    }
};

Reply<Resource<CountAnswer>> run(Context& context, const CountRecords& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    std::string filter(request.filter ? request.filter->text() : std::string_view());
    CO_TRY(const std::uint64_t count,
           co_await context.services.queries.count(std::move(place), std::move(filter),
                                                   {request.timeout_ms, nullptr}));
    co_return Resource<CountAnswer>{{static_cast<std::int64_t>(count)}};
}

}  // namespace

const Endpoint count_records = Operation<CountRecords, Resource<CountAnswer>>{
    .id = "countRecords",
    .method = http::Method::Post,
    .path = "/v1/databases/{database}/collections/{collection}/count",
    .tag = "Queries",
    .summary = "Count records",
    .description = "How many records match a filter, exactly.",
    .scope = Scope::QueryExecute,
    .rate = RateClass::Scan,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INVALID_FILTER,
               ErrorCode::INVALID_EXPRESSION, ErrorCode::UNSUPPORTED_OPERATOR, ErrorCode::QUERY_TIMEOUT,
               ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
