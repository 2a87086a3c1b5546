#include "api/endpoints.h"
#include "api/endpoints/data_rule_shapes.h"

namespace credvault::api {
namespace {

struct DeleteDataRule {
    DataRulePath at;
    static Fields fields() { return {include(&DeleteDataRule::at)}; }
};

Reply<NoContent> run(Context& context, const DeleteDataRule& request) {
    CO_TRY_VOID(co_await context.services.data_rules.remove(context.principal, std::string(request.at.rule)));
    co_return NoContent();
}

}  // namespace

const Endpoint delete_data_rule =
    Operation<DeleteDataRule, NoContent>{.id = "deleteDataRule",
                                         .method = http::Method::Delete,
                                         .path = "/v1/data-rules/{rule}",
                                         .tag = "Data rules",
                                         .summary = "Delete a data rule",
                                         .description = "What it hid is seen again.",
                                         .scope = Scope::SettingsModify,
                                         .rate = RateClass::Standard,
                                         .errors = {ErrorCode::DATA_RULE_NOT_FOUND},
                                         .run = run};

}  // namespace credvault::api
