#include "api/endpoints.h"
#include "api/endpoints/data_rule_shapes.h"

namespace credvault::api {
namespace {

struct GetDataRule {
    DataRulePath at;
    static Fields fields() { return {include(&GetDataRule::at)}; }
};

Reply<Resource<Raw<RoleRuleShape>>> run(Context& context, const GetDataRule& request) {
    TRY(std::string text, context.services.data_rules.get(context.principal, request.at.rule));
    return Resource<Raw<RoleRuleShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint get_data_rule =
    Operation<GetDataRule, Resource<Raw<RoleRuleShape>>>{.id = "getDataRule",
                                                         .method = http::Method::Get,
                                                         .path = "/v1/data-rules/{rule}",
                                                         .tag = "Data rules",
                                                         .summary = "Get a data rule",
                                                         .description = "A rule of a role.",
                                                         .scope = Scope::SettingsModify,
                                                         .rate = RateClass::Standard,
                                                         .errors = {ErrorCode::DATA_RULE_NOT_FOUND},
                                                         .run = run};

}  // namespace credvault::api
