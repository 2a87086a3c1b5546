#include "api/endpoints.h"
#include "api/endpoints/shapes.h"
#include "api/endpoints/written.h"
#include "documents/databases.h"

namespace credvault::api {
namespace {

struct CreateDatabase {
    std::string_view name;
    std::optional<IdempotencyKey> key;

    static Fields fields() {
        return {body(&CreateDatabase::name, "name",
                     {.description =
                          "1 to 64 of letters, digits, `_` and `-`, starting with a letter; unique in the "
                          "workspace.",
                      .example = "shop",
                      .required = true,
                      .max_length = 64}),
                idempotency_key(&CreateDatabase::key)};
    }
};

StoredAnswer answer_of(const documents::DatabaseEntry& entry) {
    StoredAnswer answer;
    answer.created = true;
    answer.data = documents::database_text(entry, nullptr);
    answer.location = "/v1/databases/" + entry.name;
    return answer;
}

Reply<Created<Raw<DatabaseShape>>> run(Context& context, const CreateDatabase& request) {
    const std::string name(request.name);
    CO_TRY_VOID(check_whole_database(context, name));
    CO_TRY(KeyedWrite keyed,
           begin_keyed_write(context, request.key, [name](const storage::WriteOutcome& outcome) {
               return answer_of({{}, {}, name, outcome.time_ms}).text();
           }));
    CO_TRY(const documents::Once<documents::DatabaseRef> made,
           co_await context.services.databases.create(std::string(context.workspace()), name,
                                                      std::string(context.actor()), std::move(keyed.write)));
    if (made.replayed) co_return created_from<DatabaseShape>(made.answer);
    StoredAnswer answer = answer_of(*made.value);
    co_return Created<Raw<DatabaseShape>>{{std::move(answer.data)}, std::move(answer.location), {}};
}

}  // namespace

const Endpoint create_database = Operation<CreateDatabase, Created<Raw<DatabaseShape>>>{
    .id = "createDatabase",
    .method = http::Method::Post,
    .path = "/v1/databases",
    .tag = "Databases",
    .summary = "Create a database",
    .description = "Makes an empty database in the workspace.",
    .scope = Scope::DatabaseManage,
    .rate = RateClass::Standard,
    .idempotency = Idempotency::Keyed,
    .errors = {ErrorCode::ALREADY_EXISTS},
    .run = run};

}  // namespace credvault::api
