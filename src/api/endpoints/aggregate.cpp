#include "api/endpoints.h"
#include "api/endpoints/paths.h"
#include "api/idempotency.h"
#include "api/negotiation.h"
#include "documents/aggregations.h"

namespace credvault::api {
namespace {

constexpr std::string_view ndjson = "application/x-ndjson";

/// A page in the envelope, or all results as a stream.
struct Results {
    RawList<AnyObject> page;
    std::unique_ptr<http::BodySource> stream;
};

class ResultStream final : public http::BodySource {
public:
    explicit ResultStream(std::unique_ptr<documents::AggregateStream> stream) : stream_(std::move(stream)) {}
    Reply<std::string> next() override { return stream_->next(); }
    void abandon() override { stream_->cancel(); }

private:
    std::unique_ptr<documents::AggregateStream> stream_;
};

struct PipelineParameters {
    json::View pipeline;
    std::optional<json::View> variables;
    std::int64_t limit = documents::max_aggregate_page;
    std::string_view cursor;
    std::int64_t timeout_ms = 0;
    std::optional<IdempotencyKey> key;

    static Fields fields() {
        using P = PipelineParameters;
        return {body(&P::pipeline, "pipeline",
                     {.description = "The stages, each an object with one member.",
                      .example = R"([{"$group":{"_id":"$city","n":{"$sum":1}}},{"$sort":{"n":-1}}])",
                      .required = true,
                      .json = JsonKind::Array}),
                body(&P::variables, "let",
                     {.description = "Variables for the pipeline's expressions: names and their values.",
                      .example = R"({"least":18})",
                      .json = JsonKind::Object}),
                body(&P::limit, "limit",
                     {.description = "Results of a page; a stream has no pages.",
                      .example = "1000",
                      .min = 1,
                      .max = documents::max_aggregate_page,
                      .default_value = "100000"}),
                body(&P::cursor, "cursor",
                     {.description = "From `next_cursor` of the page before, with the same pipeline.",
                      .max_length = 8192}),
                body(&P::timeout_ms, "timeout_ms",
                     {.description = "How long it may take, in milliseconds, within the server's bound.",
                      .example = "5000",
                      .min = 1,
                      .max = 3'600'000}),
                idempotency_key(&P::key)};
    }
};

struct AggregateRecords {
    CollectionPath at;
    PipelineParameters asked;
    static Fields fields() { return {include(&AggregateRecords::at), include(&AggregateRecords::asked)}; }
};

struct AggregateDocuments {
    DatabasePath at;
    PipelineParameters asked;
    static Fields fields() { return {include(&AggregateDocuments::at), include(&AggregateDocuments::asked)}; }
};

documents::AggregateQuery query_of(const Context& context, const PipelineParameters& asked) {
    documents::AggregateQuery query;
    query.pipeline = asked.pipeline.text();
    if (asked.variables) query.variables = asked.variables->text();
    query.limit = static_cast<std::uint64_t>(asked.limit);
    query.cursor = asked.cursor;
    query.actor = context.actor();
    query.may_write = context.principal.scopes.has(access::Scope::DatabaseWrite);
    return query;
}

Reply<Results> aggregate(Context& context, documents::Place place, const PipelineParameters& asked) {
    documents::AggregateQuery query = query_of(context, asked);
    CO_TRY(KeyedWrite keyed, begin_keyed_write(context, asked.key, {}));
    query.idempotency = std::move(keyed.write);
    documents::QueryBounds bounds;
    bounds.timeout_ms = asked.timeout_ms;
    Results results;
    if (wants_stream(context.operation, context.http)) {
        if (!query.cursor.empty()) {
            co_return Error(ErrorCode::INVALID_PARAMETER, "A stream has all results, and takes no cursor",
                            "cursor");
        }
        CO_TRY(std::unique_ptr<documents::AggregateStream> stream,
               co_await context.services.aggregations.stream(std::move(place), std::move(query), bounds));
        results.stream = std::make_unique<ResultStream>(std::move(stream));
        co_return results;
    }
    bounds.cancelled = context.http.gone();
    CO_TRY(documents::Listing page,
           co_await context.services.aggregations.page(std::move(place), std::move(query), bounds));
    results.page.items = std::move(page.rows);
    results.page.pagination = std::move(page.pagination);
    co_return results;
}

}  // namespace

template <>
struct Answer<Results> : Answer<RawList<AnyObject>> {
    static void encode(http::Response& to, Results from) {
        if (!from.stream) return Answer<RawList<AnyObject>>::encode(to, std::move(from.page));
        to.content_type = ndjson;
        to.stream = std::move(from.stream);
    }
};

namespace {

struct Said {
    std::string_view id, path, summary, description;
};

/// What the two operations have in common.
template <class Request>
Operation<Request, Results> aggregation(Said said, Reply<Results> (*run)(Context&, const Request&)) {
    return {
        .id = said.id,
        .method = http::Method::Post,
        .path = said.path,
        .tag = "Queries",
        .summary = said.summary,
        .description = said.description,
        .scope = Scope::QueryExecute,
        .rate = RateClass::Scan,
        .idempotency = Idempotency::Keyed,
        .streams = {ndjson},
        .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::QUOTA_EXCEEDED,
                   ErrorCode::INVALID_PIPELINE, ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_FILTER,
                   ErrorCode::INVALID_CURSOR, ErrorCode::UNSUPPORTED_OPERATOR, ErrorCode::QUERY_TIMEOUT,
                   ErrorCode::QUERY_TOO_LARGE, ErrorCode::DUPLICATE_KEY, ErrorCode::ALREADY_EXISTS,
                   ErrorCode::INVALID_RECORD, ErrorCode::SCHEMA_VIOLATION, ErrorCode::WRITE_CONFLICT,
                   ErrorCode::PAYLOAD_TOO_LARGE, ErrorCode::LIMIT_EXCEEDED, ErrorCode::STORAGE_FULL},
        .run = run};
}

}  // namespace

const Endpoint aggregate_records = aggregation<AggregateRecords>(
    {"aggregateRecords", "/v1/databases/{database}/collections/{collection}/aggregate",
     "Run an aggregation pipeline",
     "Runs the stages over the collection's records, each over what the one before it gives. With "
     "`Accept: application/x-ndjson` all results come as a stream, one in a line. An `Idempotency-Key` "
     "counts where "
     "the pipeline ends with `$merge` or `$out`."},
    [](Context& context, const AggregateRecords& request) -> Reply<Results> {
        TRY(documents::Place place, request.at.resolve(context));
        return aggregate(context, std::move(place), request.asked);
    });

const Endpoint aggregate_documents = aggregation<AggregateDocuments>(
    {"aggregateDocuments", "/v1/databases/{database}/aggregate",
     "Run a pipeline on documents that it has itself",
     "Runs a pipeline that begins with `$documents`, and so needs no collection."},
    [](Context& context, const AggregateDocuments& request) -> Reply<Results> {
        TRY(documents::DatabaseRef database, request.at.resolve(context));
        return aggregate(context, documents::Place(std::move(database), {}), request.asked);
    });

}  // namespace credvault::api
