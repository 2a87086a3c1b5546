#include "api/endpoints.h"
#include "api/endpoints/paths.h"
#include "documents/queries.h"

namespace credvault::api {
namespace {

struct DistinctValues {
    CollectionPath at;
    std::string_view field;
    std::optional<json::View> filter;
    std::int64_t timeout_ms = 0;

    static Fields fields() {
        return {include(&DistinctValues::at),
                body(&DistinctValues::field, "field",
                     {.description = "The field, dots for nested ones. An array's elements count one by one.",
                      .example = "city",
                      .required = true,
                      .max_length = 1024}),
                body(&DistinctValues::filter, "filter",
                     {.description = "A filter in the filter language; all records where it is left out.",
                      .example = R"({"age":{"$gt":18}})",
                      .json = JsonKind::Object}),
                body(&DistinctValues::timeout_ms, "timeout_ms",
                     {.description = "How long it may take, in milliseconds, within the server's bound.",
                      .example = "5000",
                      .min = 1,
                      .max = 3'600'000})};
    }
};

struct DistinctAnswer {
    Raw<std::vector<AnyJson>> values;

    static constexpr std::string_view schema_name = "DistinctValues";
    static Fields fields() {
        return {body(
            &DistinctAnswer::values, "values",
            {.description = "Each value once, in the order of values.", .example = R"(["Berlin","Oslo"])"})};
    }
};

Reply<Resource<DistinctAnswer>> run(Context& context, const DistinctValues& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    std::string filter(request.filter ? request.filter->text() : std::string_view());
    CO_TRY(documents::DistinctValues found,
           co_await context.services.queries.distinct(std::move(place), std::string(request.field),
                                                      std::move(filter), {request.timeout_ms, nullptr}));
    co_return Resource<DistinctAnswer>{{{std::move(found.values)}}};
}

}  // namespace

const Endpoint distinct_values = Operation<DistinctValues, Resource<DistinctAnswer>>{
    .id = "distinctValues",
    .method = http::Method::Post,
    .path = "/v1/databases/{database}/collections/{collection}/distinct",
    .tag = "Queries",
    .summary = "List a field's distinct values",
    .description = "The values that a field has over the matching records.",
    .scope = Scope::QueryExecute,
    .rate = RateClass::Scan,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INVALID_FILTER,
               ErrorCode::INVALID_EXPRESSION, ErrorCode::UNSUPPORTED_OPERATOR, ErrorCode::QUERY_TIMEOUT,
               ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
