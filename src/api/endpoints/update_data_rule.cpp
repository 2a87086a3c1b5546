#include "api/endpoints.h"
#include "api/endpoints/data_rule_shapes.h"

namespace credvault::api {
namespace {

struct UpdateDataRule {
    DataRulePath at;
    std::optional<RuledRole> role;
    RoleRuleMembers rule;

    static Fields fields() {
        return {include(&UpdateDataRule::at), body(&UpdateDataRule::role, "role", ruled_role_rules()),
                include(&UpdateDataRule::rule)};
    }
};

Reply<Resource<Raw<RoleRuleShape>>> run(Context& context, const UpdateDataRule& request) {
    access::RoleRuleWish wish = request.rule.wish(request.role);
    CO_TRY(std::string text, co_await context.services.data_rules.change(
                                 context.principal, std::string(request.at.rule), std::move(wish)));
    co_return Resource<Raw<RoleRuleShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint update_data_rule = Operation<UpdateDataRule, Resource<Raw<RoleRuleShape>>>{
    .id = "updateDataRule",
    .method = http::Method::Patch,
    .path = "/v1/data-rules/{rule}",
    .tag = "Data rules",
    .summary = "Change a data rule",
    .description = "Sets what is given and leaves the rest; `{}` lifts `rows`, `[]` the `denied_fields`.",
    .scope = Scope::SettingsModify,
    .rate = RateClass::Standard,
    .consumes = {"application/json", "application/merge-patch+json"},
    .errors = {ErrorCode::DATA_RULE_NOT_FOUND, ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION,
               ErrorCode::UNSUPPORTED_OPERATOR, ErrorCode::WRITE_CONFLICT},
    .run = run};

}  // namespace credvault::api
