#include "api/endpoints.h"
#include "api/endpoints/list_parameters.h"
#include "api/endpoints/paths.h"
#include "documents/collections.h"

namespace credvault::api {
namespace {

struct ExplainQuery {
    CollectionPath at;
    QueryParameters page;
    static Fields fields() { return {include(&ExplainQuery::at), include(&ExplainQuery::page)}; }
};

struct ExplainAnswer {
    std::string plan;
    std::optional<std::string> index;
    std::int64_t entries_examined = 0;
    std::int64_t records_examined = 0;
    std::int64_t returned = 0;
    bool sorted_in_memory = false;
    double elapsed_ms = 0;
    std::optional<std::vector<std::string>> advised_index;
    std::optional<std::string> advised_type;

    static constexpr std::string_view schema_name = "Explanation";
    static Fields fields() {
        using E = ExplainAnswer;
        return {
            body(&E::plan, "plan",
                 {.description = "How the query was run.", .example = "index by_status (status), in order"}),
            body(&E::index, "index", {.description = "The index used.", .example = "by_status"}),
            body(&E::entries_examined, "entries_examined",
                 {.description = "Index entries looked at.", .example = "20", .min = 0}),
            body(&E::records_examined, "records_examined",
                 {.description = "Records looked at.", .example = "20", .min = 0}),
            body(&E::returned, "returned",
                 {.description = "Records in the page.", .example = "20", .min = 0}),
            body(&E::sorted_in_memory, "sorted_in_memory", {.description = "Whether they had to be sorted."}),
            body(&E::elapsed_ms, "elapsed_ms", {.description = "How long it took.", .example = "0.21"}),
            body(&E::advised_index, "advised_index",
                 {.description = "Fields of an index that would help.", .example = R"(["status","-age"])"}),
            body(&E::advised_type, "advised_type",
                 {.description = "Its type, where that is not `value`.", .example = "geo"})};
    }
};

ExplainAnswer answer_of(storage::WorkStats stats) {
    ExplainAnswer answer;
    answer.plan = std::move(stats.plan);
    if (!stats.index.empty()) answer.index = std::move(stats.index);
    answer.entries_examined = static_cast<std::int64_t>(stats.entries_examined);
    answer.records_examined = static_cast<std::int64_t>(stats.records_examined);
    answer.returned = static_cast<std::int64_t>(stats.returned);
    answer.sorted_in_memory = stats.sorted;
    answer.elapsed_ms = static_cast<double>(stats.elapsed_ns / 1000) / 1000;
    if (!stats.advice.empty()) {
        documents::IndexRequest advised = documents::advised_request(stats.advice);
        answer.advised_index = std::move(advised.fields);
        if (advised.type != query::IndexType::Value) answer.advised_type = documents::type_name(advised.type);
    }
    return answer;
}

Reply<Resource<ExplainAnswer>> run(Context& context, const ExplainQuery& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    CO_TRY(documents::ListQuery query, request.page.query());
    CO_TRY(documents::Explanation explanation,
           co_await context.services.queries.explain(std::move(place), std::move(query),
                                                     {request.page.timeout_ms, nullptr}));
    co_return Resource<ExplainAnswer>{answer_of(std::move(explanation.stats))};
}

}  // namespace

const Endpoint explain_query = Operation<ExplainQuery, Resource<ExplainAnswer>>{
    .id = "explainQuery",
    .method = http::Method::Post,
    .path = "/v1/databases/{database}/collections/{collection}/explain",
    .tag = "Queries",
    .summary = "Explain a query",
    .description = "Runs a query, drops its records and tells how it was run and what index would help.",
    .scope = Scope::QueryExecute,
    .rate = RateClass::Scan,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INVALID_FILTER,
               ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT, ErrorCode::INVALID_CURSOR,
               ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR, ErrorCode::QUERY_TIMEOUT,
               ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
