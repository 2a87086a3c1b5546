#include "api/endpoints.h"
#include "api/endpoints/data_rule_shapes.h"
#include "api/endpoints/written.h"

namespace credvault::api {
namespace {

struct CreateDataRule {
    RuledRole role = RuledRole::Viewer;
    RoleRuleMembers rule;
    std::optional<IdempotencyKey> idempotency;

    static Fields fields() {
        Rules role = ruled_role_rules();
        role.required = true;
        return {body(&CreateDataRule::role, "role", role), include(&CreateDataRule::rule),
                idempotency_key(&CreateDataRule::idempotency)};
    }
};

StoredAnswer answer_of(const storage::WriteOutcome& outcome) {
    const auto rule = access::DataRules::parse(json::View(outcome.operations.front().record));
    StoredAnswer answer;
    answer.created = true;
    answer.data = rule ? rule->public_text() : "{}";
    answer.location = data_rule_url(outcome.operations.front().id);
    return answer;
}

Reply<Created<Raw<RoleRuleShape>>> run(Context& context, const CreateDataRule& request) {
    CO_TRY(KeyedWrite keyed,
           begin_keyed_write(context, request.idempotency,
                             [](const storage::WriteOutcome& outcome) { return answer_of(outcome).text(); }));
    access::RoleRuleWish wish = request.rule.wish(request.role);
    CO_TRY(const storage::WriteOutcome outcome,
           co_await context.services.data_rules.create(context.principal, std::move(wish),
                                                       std::move(keyed.write)));
    if (outcome.replayed) co_return created_from<RoleRuleShape>(outcome.answer);
    StoredAnswer answer = answer_of(outcome);
    co_return Created<Raw<RoleRuleShape>>{{std::move(answer.data)}, std::move(answer.location), {}};
}

}  // namespace

const Endpoint create_data_rule = Operation<CreateDataRule, Created<Raw<RoleRuleShape>>>{
    .id = "createDataRule",
    .method = http::Method::Post,
    .path = "/v1/data-rules",
    .tag = "Data rules",
    .summary = "Create a data rule for a role",
    .description =
        "Members of the role see only records that match `rows`, without the `denied_fields`, in "
        "every call that begins after the answer. Rules for the same records hold together.",
    .scope = Scope::SettingsModify,
    .rate = RateClass::Standard,
    .idempotency = Idempotency::Keyed,
    .errors = {ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION, ErrorCode::UNSUPPORTED_OPERATOR,
               ErrorCode::LIMIT_EXCEEDED},
    .run = run};

}  // namespace credvault::api
