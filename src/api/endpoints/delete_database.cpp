#include "api/endpoints.h"
#include "api/endpoints/paths.h"

namespace credvault::api {
namespace {

struct DeleteDatabase {
    DatabasePath at;
    static Fields fields() { return {include(&DeleteDatabase::at)}; }
};

Reply<NoContent> run(Context& context, const DeleteDatabase& request) {
    CO_TRY_VOID(check_whole_database(context, request.at.database));
    CO_TRY_VOID(co_await context.services.databases.drop(
        std::string(context.workspace()), std::string(request.at.database), std::string(context.actor())));
    co_return NoContent();
}

}  // namespace

const Endpoint delete_database = Operation<DeleteDatabase, NoContent>{
    .id = "deleteDatabase",
    .method = http::Method::Delete,
    .path = "/v1/databases/{database}",
    .tag = "Databases",
    .summary = "Delete a database",
    .description = "Deletes the database with all its collections. This can't be undone.",
    .scope = Scope::DatabaseManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::DATABASE_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
