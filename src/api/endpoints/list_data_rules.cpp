#include "api/endpoints.h"
#include "api/endpoints/data_rule_shapes.h"
#include "api/endpoints/list_parameters.h"

namespace credvault::api {
namespace {

struct ListDataRules {
    ListParameters list;
    OtherParameters filters;

    static Fields fields() {
        return {include(&ListDataRules::list),
                other_query_on<RoleRuleShape>(&ListDataRules::filters, {.description = "Filters by field."})};
    }
};

Reply<RawList<RoleRuleShape>> run(Context& context, const ListDataRules& request) {
    TRY(storage::ListQuery query, request.list.query(request.filters));
    const std::vector<std::string> rules = context.services.data_rules.list(context.principal);
    TRY(storage::Listing page, documents::list_rows(rules, std::move(query), "id"));
    return RawList<RoleRuleShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint list_data_rules = Operation<ListDataRules, RawList<RoleRuleShape>>{
    .id = "listDataRules",
    .method = http::Method::Get,
    .path = "/v1/data-rules",
    .tag = "Data rules",
    .summary = "List the data rules of roles",
    .description = "What members of the workspace see of the records, by their roles.",
    .scope = Scope::SettingsModify,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT,
               ErrorCode::INVALID_CURSOR, ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR},
    .run = run};

}  // namespace credvault::api
