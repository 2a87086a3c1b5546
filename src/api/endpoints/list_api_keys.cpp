#include "api/endpoints.h"
#include "api/endpoints/api_key_shapes.h"
#include "api/endpoints/list_parameters.h"

namespace credvault::api {
namespace {

struct ListApiKeys {
    ListParameters list;
    OtherParameters filters;

    static Fields fields() {
        return {include(&ListApiKeys::list),
                other_query_on<ApiKeyShape>(&ListApiKeys::filters, {.description = "Filters by field."})};
    }
};

Reply<RawList<ApiKeyShape>> run(Context& context, const ListApiKeys& request) {
    TRY(storage::ListQuery query, request.list.query(request.filters));
    const std::vector<std::string> keys = context.services.keys.list(context.principal);
    TRY(storage::Listing page, documents::list_rows(keys, std::move(query), "id"));
    return RawList<ApiKeyShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint list_api_keys = Operation<ListApiKeys, RawList<ApiKeyShape>>{
    .id = "listApiKeys",
    .method = http::Method::Get,
    .path = "/v1/api-keys",
    .tag = "API keys",
    .summary = "List API keys",
    .description =
        "The keys of the workspace. A restricted credential sees itself and the keys that descend "
        "from it.",
    .scope = Scope::KeyManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT,
               ErrorCode::INVALID_CURSOR, ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR},
    .run = run};

}  // namespace credvault::api
