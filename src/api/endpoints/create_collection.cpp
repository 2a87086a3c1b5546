#include "api/endpoints.h"
#include "api/endpoints/shapes.h"
#include "api/endpoints/written.h"
#include "documents/collections.h"

namespace credvault::api {
namespace {

struct CreateCollection {
    DatabasePath at;
    std::string_view name;
    bool require_if_match = false;
    std::optional<IdempotencyKey> key;

    static Fields fields() {
        return {
            include(&CreateCollection::at),
            body(&CreateCollection::name, "name",
                 {.description =
                      "1 to 64 of letters, digits, `_` and `-`, starting with a letter; unique in the "
                      "database.",
                  .example = "users",
                  .required = true,
                  .max_length = 64}),
            body(&CreateCollection::require_if_match, "require_if_match",
                 {.description = "Whether changing a record needs `If-Match`.", .default_value = "false"}),
            idempotency_key(&CreateCollection::key)};
    }
};

/// What a collection looks like at the moment in which it is made: that is what a repeated call is told.
std::string new_collection(const std::string& name, const documents::CollectionOptions& options,
                           const std::string& location, std::int64_t now_ms) {
    storage::CollectionInfo info;
    info.name = name;
    info.options = options.text();
    info.created_ms = now_ms;
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
    const documents::CollectionOptions options{request.require_if_match};
    CO_TRY(KeyedWrite keyed,
           begin_keyed_write(context, request.key, [=](const storage::WriteOutcome& outcome) {
               return new_collection(name, options, location, outcome.time_ms);
           }));
    const bool has_key = keyed.write.has_value();
    CO_TRY(documents::Once<std::string> made,
           co_await context.services.collections.create(
               std::move(database), name, options, std::string(context.actor()), std::move(keyed.write)));
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
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::ALREADY_EXISTS, ErrorCode::LIMIT_EXCEEDED},
    .run = run};

}  // namespace credvault::api
