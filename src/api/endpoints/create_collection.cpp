#include "api/endpoints.h"
#include "api/endpoints/collection_settings.h"
#include "api/endpoints/shapes.h"
#include "api/endpoints/written.h"
#include "documents/collections.h"

namespace credvault::api {
namespace {

struct CreateCollection {
    DatabasePath at;
    std::string_view name;
    CollectionSettings settings;
    std::optional<IdempotencyKey> key;

    static Fields fields() {
        return {include(&CreateCollection::at),
                body(&CreateCollection::name, "name",
                     {.description =
                          "1 to 64 of letters, digits, `_` and `-`, starting with a letter; unique in the "
                          "database.",
                      .example = "users",
                      .required = true,
                      .max_length = 64}),
                include(&CreateCollection::settings), idempotency_key(&CreateCollection::key)};
    }
};

/// What a collection looks like at the moment in which it is made: that is what a repeated call is told.
std::string new_collection(const std::string& name, const documents::CollectionChange& wanted,
                           const std::string& location, std::int64_t now_ms) {
    storage::CollectionInfo info;
    info.name = name;
    info.options = wanted.options.text();
    info.created_ms = now_ms;
    if (wanted.ttl) {
        info.indexes.emplace_back().spec = *wanted.ttl;
        info.indexes.back().created_ms = now_ms;
    }
    StoredAnswer answer;
    answer.created = true;
    answer.data = documents::collection_text(info);
    answer.location = location;
    return answer.text();
}

Reply<Created<Raw<CollectionShape>>> run(Context& context, const CreateCollection& request) {
    CO_TRY(documents::DatabaseRef database, request.at.resolve(context));
    const std::string name(request.name);
    const std::string location = request.at.url() + "/collections/" + name;
    documents::CollectionChange wanted;
    CO_TRY_VOID(request.settings.apply(wanted));
    CO_TRY(KeyedWrite keyed,
           begin_keyed_write(context, request.key, [=](const storage::WriteOutcome& outcome) {
               return new_collection(name, wanted, location, outcome.time_ms);
           }));
    const bool has_key = keyed.write.has_value();
    CO_TRY(documents::Once<std::string> made,
           co_await context.services.collections.create(
               std::move(database), name, wanted, std::string(context.actor()), std::move(keyed.write)));
    if (has_key) co_return created_from<CollectionShape>(made.answer);
    co_return Created<Raw<CollectionShape>>{{std::move(made.value)}, location, {}};
}

}  // namespace

const Endpoint create_collection = Operation<CreateCollection, Created<Raw<CollectionShape>>>{
    .id = "createCollection",
    .method = http::Method::Post,
    .path = "/v1/databases/{database}/collections",
    .tag = "Collections",
    .summary = "Create a collection",
    .description = "Makes an empty collection in the database.",
    .scope = Scope::DatabaseManage,
    .rate = RateClass::Standard,
    .idempotency = Idempotency::Keyed,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::ALREADY_EXISTS, ErrorCode::INVALID_SCHEMA,
               ErrorCode::INVALID_INDEX, ErrorCode::LIMIT_EXCEEDED},
    .run = run};

}  // namespace credvault::api
