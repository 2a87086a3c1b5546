#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"
#include "api/endpoints/list_parameters.h"

namespace credvault::api {
namespace {

struct ListMembers {
    ListParameters list;
    OtherParameters filters;
    static Fields fields() {
        return {include(&ListMembers::list),
                other_query_on<MemberShape>(&ListMembers::filters, {.description = "Filters by field."})};
    }
};

Reply<RawList<MemberShape>> run(Context& context, const ListMembers& request) {
    CO_TRY(storage::ListQuery query, request.list.query(request.filters));
    CO_TRY(storage::Listing page, co_await context.services.identity.members.list(
                                      std::string(context.workspace()), std::move(query)));
    co_return RawList<MemberShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint list_members = Operation<ListMembers, RawList<MemberShape>>{
    .id = "listMembers",
    .method = http::Method::Get,
    .path = "/v1/members",
    .tag = "Members",
    .summary = "List members",
    .description = "The users of the workspace and their roles.",
    .scope = Scope::TeamManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT,
               ErrorCode::INVALID_CURSOR, ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR,
               ErrorCode::QUERY_TIMEOUT, ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
