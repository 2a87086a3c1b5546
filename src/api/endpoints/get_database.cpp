#include "api/endpoints.h"
#include "api/endpoints/paths.h"
#include "api/endpoints/shapes.h"

namespace credvault::api {
namespace {

struct GetDatabase {
    DatabasePath at;
    static Fields fields() { return {include(&GetDatabase::at)}; }
};

Reply<Resource<Raw<DatabaseShape>>> run(Context& context, const GetDatabase& request) {
    CO_TRY(documents::DatabaseRef database, request.at.resolve(context));
    CO_TRY(const documents::DatabaseDescription found,
           co_await context.services.databases.describe(std::move(database)));
    co_return Resource<Raw<DatabaseShape>>{{documents::database_text(*found.entry, &found.info)}};
}

}  // namespace

const Endpoint get_database =
    Operation<GetDatabase, Resource<Raw<DatabaseShape>>>{.id = "getDatabase",
                                                         .method = http::Method::Get,
                                                         .path = "/v1/databases/{database}",
                                                         .tag = "Databases",
                                                         .summary = "Get a database",
                                                         .description = "A database with its statistics.",
                                                         .scope = Scope::MetadataRead,
                                                         .rate = RateClass::Standard,
                                                         .errors = {ErrorCode::DATABASE_NOT_FOUND},
                                                         .run = run};

}  // namespace credvault::api
