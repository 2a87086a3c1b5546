#include "access/audit_log.h"
#include "api/endpoints.h"
#include "api/endpoints/audit_shapes.h"
#include "api/endpoints/list_parameters.h"

namespace credvault::api {
namespace {

struct ListAuditLogs {
    ListParameters list;
    OtherParameters filters;

    static Fields fields() {
        return {
            include(&ListAuditLogs::list),
            other_query_on<AuditEntryShape>(&ListAuditLogs::filters, {.description = "Filters by field."})};
    }
};

Reply<RawList<AuditEntryShape>> run(Context& context, const ListAuditLogs& request) {
    CO_TRY(storage::ListQuery query, request.list.query(request.filters));
    CO_TRY(storage::Listing page,
           co_await context.services.audit.list(std::string(context.workspace()), std::move(query)));
    co_return RawList<AuditEntryShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint list_audit_logs = Operation<ListAuditLogs, RawList<AuditEntryShape>>{
    .id = "listAuditLogs",
    .method = http::Method::Get,
    .path = "/v1/audit-logs",
    .tag = "Audit log",
    .summary = "List entries of the audit log",
    .description =
        "Changes of configuration, sign-ins and refusals, the oldest first unless a sort says "
        "otherwise (`sort=-seq`).",
    .scope = Scope::LogsRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT,
               ErrorCode::INVALID_CURSOR, ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR,
               ErrorCode::QUERY_TIMEOUT, ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
