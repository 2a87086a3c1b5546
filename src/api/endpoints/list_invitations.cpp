#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"
#include "api/endpoints/list_parameters.h"

namespace credvault::api {
namespace {

struct ListInvitations {
    ListParameters list;
    OtherParameters filters;
    static Fields fields() {
        return {
            include(&ListInvitations::list),
            other_query_on<InvitationShape>(&ListInvitations::filters, {.description = "Filters by field."})};
    }
};

Reply<RawList<InvitationShape>> run(Context& context, const ListInvitations& request) {
    CO_TRY(storage::ListQuery query, request.list.query(request.filters));
    CO_TRY(storage::Listing page, co_await context.services.identity.invitations.list(
                                      std::string(context.workspace()), std::move(query)));
    co_return RawList<InvitationShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint list_invitations = Operation<ListInvitations, RawList<InvitationShape>>{
    .id = "listInvitations",
    .method = http::Method::Get,
    .path = "/v1/invitations",
    .tag = "Invitations",
    .summary = "List invitations",
    .description = "Open ones, and for a month those that are over.",
    .scope = Scope::TeamManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT,
               ErrorCode::INVALID_CURSOR, ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR,
               ErrorCode::QUERY_TIMEOUT, ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
