#include "api/endpoints.h"
#include "api/endpoints/shapes.h"
#include "api/endpoints/written.h"
#include "base/clock.h"
#include "documents/collections.h"
#include "documents/index_build_order.h"
#include "jobs/jobs.h"
#include "storage/expiry.h"

namespace credvault::api {

using query::IndexType;

template <>
struct EnumNames<IndexType> {
    static constexpr auto names = std::to_array<std::pair<std::string_view, IndexType>>(
        {{"value", IndexType::Value}, {"text", IndexType::Text}, {"geo", IndexType::Geo}});
};

namespace {

struct CreateIndex {
    CollectionPath at;
    std::optional<std::string_view> name;
    std::vector<std::string> index_fields;
    bool unique = false;
    bool sparse = false;
    std::optional<std::int64_t> ttl_seconds;
    IndexType type = IndexType::Value;
    std::string_view language;
    std::optional<json::View> weights;
    std::optional<IdempotencyKey> key;

    static Fields fields() {
        return {
            include(&CreateIndex::at),
            body(&CreateIndex::name, "name",
                 {.description = "Its name within the collection; made from the fields where it is left out.",
                  .example = "by_status",
                  .max_length = 64}),
            body(
                &CreateIndex::index_fields, "fields",
                {.description = "The fields in order; `-` in front of descending ones. Arrays are indexed by "
                                "element.",
                 .example = R"(["status","-created_at"])",
                 .required = true,
                 .min_length = 1,
                 .max_length = 1024,
                 .min_items = 1,
                 .max_items = 32}),
            body(&CreateIndex::unique, "unique",
                 {.description = "Whether no two records may have the same values.",
                  .default_value = "false"}),
            body(&CreateIndex::sparse, "sparse",
                 {.description = "Whether records without any of the fields are left out.",
                  .default_value = "false"}),
            body(&CreateIndex::ttl_seconds, "ttl_seconds",
                 {.description =
                      "Records are removed so long after the time in the index's only field (RFC 3339 text); "
                      "those with another value there never are.",
                  .example = "3600",
                  .min = 0,
                  .max = storage::max_ttl_seconds}),
            body(&CreateIndex::type, "type",
                 {.description =
                      "What it indexes by: values, the words of texts (`$text`), or places (`$near`, "
                      "`$geoWithin`).",
                  .default_value = "value"}),
            body(&CreateIndex::language, "language",
                 {.description =
                      "Of a text index: the language of its stems and stop words; `none` has neither.",
                  .example = "english",
                  .max_length = 64}),
            body(&CreateIndex::weights, "weights",
                 {.description =
                      "Of a text index: how much the words of a field count, from 1 to 1000; 1 where a "
                      "field is left out.",
                  .example = R"({"title":10})",
                  .json = JsonKind::Object}),
            idempotency_key(&CreateIndex::key)};
    }
};

/// A job that tells how far the build is. The index is built all the same where there can be none.
Reply<bool> watch_build(Context& context, const CollectionPath& at, std::string database, std::string index) {
    const json::View made(index);
    const auto status = made.find("status");
    const auto created = made.find("created_at");
    if (!status || !created || status->as_string() != "building") co_return false;
    documents::IndexBuildOrder order;
    order.database = std::move(database);
    order.collection = at.collection;
    order.index = made.find("name")->as_string();
    order.created_ms = parse_time(created->as_string()).value_or(0);
    jobs::JobRequest request;
    request.type = "index";
    request.workspace = context.workspace();
    request.actor = context.actor();
    request.target = std::string(at.in.database) + "/" + std::string(at.collection);
    request.parameters = order.text();
    const auto started = co_await context.services.jobs.start(std::move(request), {});
    co_return started.ok();
}

Reply<Created<Raw<CollectionIndexShape>>> run(Context& context, const CreateIndex& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    const std::string database = place.database->stored_id();
    documents::IndexRequest index;
    index.name = request.name.value_or("");
    index.fields = request.index_fields;
    index.unique = request.unique;
    index.sparse = request.sparse;
    index.ttl_seconds = request.ttl_seconds;
    index.type = request.type;
    index.language = request.language;
    index.weights = request.weights;
    CO_TRY(const storage::IndexSpec spec, documents::index_spec(index));
    const std::string location = request.at.url() + "/indexes/" + spec.name;
    // A repeated call is told what held when the index was made: that it was being built.
    CO_TRY(KeyedWrite keyed,
           begin_keyed_write(context, request.key, [=](const storage::WriteOutcome& outcome) {
               storage::IndexInfo info;
               info.spec = spec;
               info.state = storage::IndexState::Building;
               info.created_ms = outcome.time_ms;
               return StoredAnswer{true, documents::index_text(info), location, {}}.text();
           }));
    const bool has_key = keyed.write.has_value();
    CO_TRY(documents::Once<std::string> made,
           co_await context.services.collections.create_index(
               std::move(place), spec, std::string(context.actor()), std::move(keyed.write)));
    if (!made.replayed) (void)co_await watch_build(context, request.at, database, made.value);
    if (has_key) co_return created_from<CollectionIndexShape>(made.answer);
    co_return Created<Raw<CollectionIndexShape>>{{std::move(made.value)}, location, {}};
}

}  // namespace

const Endpoint create_index = Operation<CreateIndex, Created<Raw<CollectionIndexShape>>>{
    .id = "createIndex",
    .method = http::Method::Post,
    .path = "/v1/databases/{database}/collections/{collection}/indexes",
    .tag = "Indexes",
    .summary = "Create an index",
    .description =
        "Builds an index in the background; queries use it when its `status` is `ready`. A unique index is "
        "enforced from the start, and fails where records that are there already violate it.",
    .scope = Scope::DatabaseManage,
    .rate = RateClass::Standard,
    .idempotency = Idempotency::Keyed,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::ALREADY_EXISTS,
               ErrorCode::INVALID_INDEX, ErrorCode::DUPLICATE_KEY, ErrorCode::INVALID_RECORD,
               ErrorCode::LIMIT_EXCEEDED},
    .run = run};

}  // namespace credvault::api
