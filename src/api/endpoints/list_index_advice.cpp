#include "api/endpoints.h"
#include "api/endpoints/list_parameters.h"
#include "api/endpoints/paths.h"
#include "documents/index_advice.h"

namespace credvault::api {
namespace {

struct IndexAdviceShape {
    std::string name;
    std::vector<std::string> index_fields;
    std::string type;
    std::string filter;
    std::int64_t queries = 0;
    std::int64_t examined = 0;
    std::int64_t returned = 0;
    double elapsed_ms = 0;
    std::string last_seen_at;

    static constexpr std::string_view schema_name = "IndexAdvice";
    static Fields fields() {
        using S = IndexAdviceShape;
        return {
            body(&S::name, "name",
                 {.description = "A name that the index would get.", .example = "status_-created_at"}),
            body(&S::index_fields, "fields",
                 {.description = "What the index would be of.", .example = R"(["status","-created_at"])"}),
            body(&S::type, "type", {.description = "Its type: `value` or `geo`.", .example = "value"}),
            body(&S::filter, "filter",
                 {.description = "The latest filter that missed it, without its values.",
                  .example = R"({"status":{"$eq":?}})"}),
            body(&S::queries, "queries",
                 {.description = "Queries that missed it since the server started.",
                  .example = "12",
                  .min = 0}),
            body(&S::examined, "examined",
                 {.description = "Records and index entries that they looked at.",
                  .example = "120000",
                  .min = 0}),
            body(&S::returned, "returned",
                 {.description = "Records that they gave.", .example = "37", .min = 0}),
            body(&S::elapsed_ms, "elapsed_ms",
                 {.description = "How long they took together.", .example = "84.2", .min = 0}),
            body(&S::last_seen_at, "last_seen_at",
                 {.description = "When it was last missed.", .example = "2026-01-31T12:00:00.000Z"})};
    }
};

struct ListIndexAdvice {
    CollectionPath at;
    ListParameters list;
    OtherParameters filters;

    static Fields fields() {
        return {include(&ListIndexAdvice::at), include(&ListIndexAdvice::list),
                other_query_on<IndexAdviceShape>(&ListIndexAdvice::filters,
                                                 {.description = "Filters by field."})};
    }
};

Reply<RawList<IndexAdviceShape>> run(Context& context, const ListIndexAdvice& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    CO_TRY(documents::ListQuery query, request.list.query(request.filters));
    CO_TRY(documents::Listing page,
           co_await context.services.index_advisor.list(std::move(place), std::move(query)));
    co_return RawList<IndexAdviceShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint list_index_advice = Operation<ListIndexAdvice, RawList<IndexAdviceShape>>{
    .id = "listIndexAdvice",
    .method = http::Method::Get,
    .path = "/v1/databases/{database}/collections/{collection}/index-advice",
    .tag = "Indexes",
    .summary = "List indexes that are missed",
    .description =
        "Indexes that would have helped the queries since the server started: those that looked at a "
        "thousand records or more, and at ten times as many as they gave. The costliest lack comes first.",
    .scope = Scope::MetadataRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INVALID_FILTER,
               ErrorCode::INVALID_SORT, ErrorCode::INVALID_CURSOR, ErrorCode::INVALID_PROJECTION,
               ErrorCode::UNSUPPORTED_OPERATOR},
    .run = run};

}  // namespace credvault::api
